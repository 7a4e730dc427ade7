import { awsFiles, awsPorts, awsQueue, awsSchedule, awsStore } from '../../shared/adapters/aws/index.ts';
import { functions } from '../../shared/topology.ts';
import { create } from './main.ts';

export const handler = create(
  awsPorts(functions.tallies.grants, { files: awsFiles, queue: awsQueue, schedule: awsSchedule, store: awsStore }),
);
