import { merging } from './merging.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('merging', merging);
