import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Files } from '../../ports.ts';

/**
 * S3 behind the files port: one object per key, UTF-8. The second part of a key, `account/kind/...`, becomes the tag
 * `kind`, by which the bucket forgets what is kept for a time only.
 */
export function createFiles(options: { client: S3Client; bucket: string }): Files {
  const { client, bucket: Bucket } = options;
  return {
    async put(key, body) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: key,
          Body: Buffer.from(body),
          ContentType: 'text/plain; charset=utf-8',
          Tagging: new URLSearchParams({ kind: key.split('/')[1] ?? '' }).toString(),
        }),
      );
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        return await Body?.transformToString('utf-8');
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    },
  };
}
