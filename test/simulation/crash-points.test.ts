import { scenarios } from './scenarios.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('crash-points', scenarios);
