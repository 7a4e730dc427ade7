import { flowSteps } from './flow-steps.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('flow-steps', flowSteps);
