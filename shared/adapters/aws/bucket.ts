import type { Files } from '../../ports.ts';
import { patience } from './client.ts';
import type { Environment } from './environment.ts';

/**
 * The bucket of the function's environment. Large bodies are rare: the S3 client, a third of a hot function's bundle,
 * is loaded when the first one comes.
 */
export function awsFiles(environment: Environment): Files {
  const bucket = environment('BUCKET_NAME');
  let loaded: Promise<Files> | undefined;
  const files = () => (loaded ??= load(bucket));
  return {
    put: async (key, body) => (await files()).put(key, body),
    get: async (key) => (await files()).get(key),
    remove: async (key) => (await files()).remove(key),
  };
}

async function load(bucket: string): Promise<Files> {
  const [{ S3Client }, { createFiles }] = await Promise.all([import('@aws-sdk/client-s3'), import('./files.ts')]);
  return createFiles({ client: new S3Client(patience), bucket });
}
