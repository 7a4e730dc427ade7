import { awsFiles, awsPorts, awsStore, deployedFile } from '../../shared/adapters/aws/index.ts';
import { functions, onsiteScript } from '../../shared/topology.ts';
import { create } from './main.ts';

export const handler = create(
  awsPorts(functions.pages.grants, { store: awsStore, files: awsFiles }),
  deployedFile(onsiteScript.file),
);
