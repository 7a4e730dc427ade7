import { awsFiles, awsHttp, awsPorts, awsStore } from '../../shared/adapters/aws/index.ts';
import { functions } from '../../shared/topology.ts';
import { create } from './main.ts';

export const handler = create(awsPorts(functions.api.grants, { files: awsFiles, http: awsHttp, store: awsStore }));
