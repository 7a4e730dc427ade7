import { awsFiles, awsHttp, awsPorts, awsSchedule, awsStore } from '../../shared/adapters/aws/index.ts';
import { functions } from '../../shared/topology.ts';
import { create } from './main.ts';

export const handler = create(
  awsPorts(functions.jobs.grants, { files: awsFiles, http: awsHttp, schedule: awsSchedule, store: awsStore }),
);
