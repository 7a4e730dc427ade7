import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { queueVariable } from '../../env.ts';
import { toQueueText } from '../../kernel/json.ts';
import type { QueueName } from '../../messages.ts';
import type { Queue } from '../../ports.ts';
import { chunks, patience } from './client.ts';
import type { Environment } from './environment.ts';

/** What SQS takes in one call. The size is far below its limit of 1 MiB, so that escapes never break it. */
const batch = { count: 10, bytes: 256 * 1024 };

/** Rounds for messages that SQS did not take, before the whole send fails and its caller is tried again later. */
const rounds = 4;

/** SQS behind the queue port. `urlOf` names the queue's URL. */
export function createQueue(options: { client: SQSClient; urlOf: (queue: QueueName) => string }): Queue {
  return {
    async send(queue, messages) {
      const url = options.urlOf(queue);
      const entries = messages.map((message, index) => ({
        Id: String(index),
        MessageBody: toQueueText(message.body),
        ...(message.delaySeconds !== undefined && { DelaySeconds: message.delaySeconds }),
      }));
      for (const piece of chunks(entries, batch.count, batch.bytes, (entry) => Buffer.byteLength(entry.MessageBody))) {
        await sendBatch(options.client, url, piece);
      }
    },
  };
}

/** Queues of the function's grants, from its environment. */
export function awsQueue(environment: Environment): Queue {
  return createQueue({ client: new SQSClient(patience), urlOf: (queue) => environment(queueVariable(queue)) });
}

/** A batch is taken message by message: whatever failed goes again, unless SQS says that the message is at fault. */
async function sendBatch(client: SQSClient, url: string, entries: readonly SendMessageBatchRequestEntry[]) {
  let left = entries;
  for (let round = 0; round < rounds; round += 1) {
    const { Failed: failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: url, Entries: [...left] }),
    );
    if (failed.length === 0) return;
    const final = failed.find((failure) => failure.SenderFault) ?? (round + 1 === rounds ? failed[0] : undefined);
    if (final) {
      throw new Error(`SQS did not take ${failed.length} messages: ${final.Code ?? ''} ${final.Message ?? ''}`);
    }
    const again = new Set(failed.map((failure) => failure.Id));
    left = left.filter((entry) => again.has(entry.Id));
  }
}
