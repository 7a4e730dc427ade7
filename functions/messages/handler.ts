import {
  awsFiles,
  awsHttp,
  awsMail,
  awsPorts,
  awsPush,
  awsSchedule,
  awsSms,
  awsStore,
} from '../../shared/adapters/aws/index.ts';
import { functions } from '../../shared/topology.ts';
import { create } from './main.ts';

const makers = {
  files: awsFiles,
  http: awsHttp,
  mail: awsMail,
  push: awsPush,
  schedule: awsSchedule,
  sms: awsSms,
  store: awsStore,
};

export const handler = create(awsPorts(functions.messages.grants, makers));
