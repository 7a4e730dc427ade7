import { shop } from './shop.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('shop', shop);
