import { forgetting } from './forgetting.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('forgetting', forgetting);
