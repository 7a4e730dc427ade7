import { flowSteps } from './flow-steps.ts';
import { sweepAll } from './sweeping.ts';

sweepAll(flowSteps);
