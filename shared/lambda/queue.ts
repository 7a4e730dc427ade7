import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { inParallel } from '../kernel/parallel.ts';
import { type Message, messages, type QueueName } from '../messages.ts';
import { chain, type ChainPorts, type LambdaHandler } from './chain.ts';

/** A message taken from a queue; `id` is the queue's own. */
export interface Delivery<Q extends QueueName> {
  id: string;
  body: Message<Q>;
}

/** The message of a record, or undefined when it is not one of this queue. */
function messageOf<Q extends QueueName>(queue: Q, record: SQSRecord): Message<Q> | undefined {
  try {
    const parsed = messages[queue].safeParse(JSON.parse(record.body));
    return parsed.success ? (parsed.data as Message<Q>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Works off deliveries each by itself, at most `abreast` at a time: one that fails is logged with its fields `shown`
 * (ids only) and holds up no other. Answers the ids of those that must come again.
 */
export async function eachByItself<Q extends QueueName>(
  { log }: Pick<ChainPorts, 'log'>,
  deliveries: readonly Delivery<Q>[],
  { abreast, shown }: { abreast: number; shown: readonly (keyof Message<Q>)[] },
  work: (message: Message<Q>) => Promise<void>,
): Promise<string[]> {
  const failed: string[] = [];
  await inParallel(deliveries, abreast, async ({ id, body }) => {
    try {
      await work(body);
    } catch (error) {
      log.error('a message failed', { id, ...Object.fromEntries(shown.map((name) => [name, body[name]])), error });
      failed.push(id);
    }
  });
  return failed;
}

/**
 * Works off a queue: `work` gets the messages of a batch and answers with the ids of those that must come again; when
 * it throws, all come again. What is not a message of this queue counts as failed, and so ends among the dead letters.
 */
export function queueHandler<Q extends QueueName>(
  ports: ChainPorts,
  queue: Q,
  work: (messages: readonly Delivery<Q>[]) => Promise<readonly string[]>,
): LambdaHandler {
  async function run(event: SQSEvent): Promise<SQSBatchResponse> {
    const failed: string[] = [];
    const deliveries: Delivery<Q>[] = [];
    for (const record of event.Records) {
      const body = messageOf(queue, record);
      if (body !== undefined) {
        deliveries.push({ id: record.messageId, body });
        continue;
      }
      failed.push(record.messageId);
      ports.log.error('not a message of this queue', { queue, id: record.messageId });
    }
    if (deliveries.length > 0) failed.push(...(await work(deliveries)));
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  }
  return chain(ports, `queue ${queue}`, run, (event, answer) => ({
    messages: event.Records.length,
    failed: answer.batchItemFailures.length,
  }));
}
