import { awsFiles, awsMail, awsPorts, awsSchedule, awsStore } from '../../shared/adapters/aws/index.ts';
import { functions } from '../../shared/topology.ts';
import { create } from './main.ts';

export const handler = create(
  awsPorts(functions.messages.grants, { files: awsFiles, mail: awsMail, schedule: awsSchedule, store: awsStore }),
);
