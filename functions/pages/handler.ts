import { awsFiles, awsHttp, awsPorts, awsQueue, awsStore, deployedFile } from '../../shared/adapters/aws/index.ts';
import { functions, onsiteScript } from '../../shared/topology.ts';
import { create } from './main.ts';

const makers = { files: awsFiles, http: awsHttp, queue: awsQueue, store: awsStore };

export const handler = create(awsPorts(functions.pages.grants, makers), deployedFile(onsiteScript.file));
