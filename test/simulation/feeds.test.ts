import { feeds } from './feeds.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('feeds', feeds);
