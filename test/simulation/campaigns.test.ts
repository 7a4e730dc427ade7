import { campaigns } from './campaigns.ts';
import { sweepAll } from './sweeping.ts';

sweepAll('campaigns', campaigns);
