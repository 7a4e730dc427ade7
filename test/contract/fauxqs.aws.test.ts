// The AWS adapters of queue and files against fauxqs, in this process.
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll } from 'vitest';
import { createFiles } from '../../shared/adapters/aws/files.ts';
import { createQueue } from '../../shared/adapters/aws/queue.ts';
import { describeFiles } from './files.ts';
import { describeQueue } from './queue.ts';

const server = await startFauxqs({ port: 0, logger: false });
const options = {
  endpoint: server.address,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const sqs = new SQSClient(options);
const s3 = new S3Client({ ...options, forcePathStyle: true });
let made = 0;

// fauxqs 2.4.1 refuses characters beyond U+FFFF, which SQS takes: give it their escapes, which mean the same in JSON.
const escapes = (text: string) =>
  text.replaceAll(/[\ud800-\udfff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
sqs.middlewareStack.add(
  (next) => (args) => {
    const { Entries } = args.input as { Entries?: { MessageBody?: string }[] };
    for (const entry of Entries ?? []) if (entry.MessageBody) entry.MessageBody = escapes(entry.MessageBody);
    return next(args);
  },
  { step: 'initialize' },
);

afterAll(async () => {
  sqs.destroy();
  s3.destroy();
  await server.stop();
});

/** Everything that lies in a queue, taken out of it. */
async function takeAll(QueueUrl: string): Promise<string[]> {
  const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  if (messages.length === 0) return [];
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return [...messages.map((message) => message.Body ?? ''), ...(await takeAll(QueueUrl))];
}

describeQueue('SQS (fauxqs)', async () => {
  const created = await sqs.send(new CreateQueueCommand({ QueueName: `feedback-${(made += 1)}` }));
  const url = created.QueueUrl ?? '';
  return { queue: createQueue({ client: sqs, urlOf: () => url }), take: () => takeAll(url), takesAnyDelay: true };
});

describeFiles('S3 (fauxqs)', async () => {
  const bucket = `files-${(made += 1)}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return createFiles({ client: s3, bucket });
});
