// SQS: the queues of the template, on the rehearsal's clock.
import { hash, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { createSingleQueue, type Held, refusal, type SingleQueue } from '../../shared/adapters/memory/index.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Polled } from '../local/poll-queue.ts';
import { arnOf } from './names.ts';
import type { Deployed, Resource } from './template.ts';
import { AwsError, bodyOf, json, type Service, unknownOperation } from './wire.ts';

export interface Queues {
  service: Service;
  /** A queue by its ARN, for its poller. */
  polled: (arn: string) => Polled;
  /** Puts a message into a queue, for the services that do so in AWS. */
  accept: (arn: string, body: string) => void;
  /** Puts what was given up into a dead-letter queue. */
  bury: (arn: string, body: string) => void;
  /** The dead-letter queues that hold something, with what they hold. */
  deadLetters: () => readonly { queue: string; bodies: readonly string[] }[];
  /** Puts the dead letters of a queue back into it, by a part of its construct's path; answers how many. */
  redrive: (path: string) => number;
}

const properties = z.object({
  VisibilityTimeout: z._default(z.number(), 30),
  RedrivePolicy: z.optional(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })),
});

/** The queues of the template. `onSend` hears of every message, `onDeadLetter` of every one that was given up. */
export function createQueues(options: {
  deployed: Deployed;
  clock: Clock;
  onSend: () => void;
  onDeadLetter: (queue: string, body: string) => void;
}): Queues {
  const { deployed, clock, onSend, onDeadLetter } = options;
  const dead = new Map<string, string[]>();
  const resources = deployed.ofType('AWS::SQS::Queue');
  const pathOf = new Map(resources.map(({ arn, path }) => [arn, path]));

  function bury(arn: string, body: string): void {
    dead.set(arn, [...(dead.get(arn) ?? []), body]);
    onDeadLetter(pathOf.get(arn) ?? arn, body);
  }

  function made({ properties: given }: Resource): SingleQueue {
    const { VisibilityTimeout, RedrivePolicy } = properties.parse(given);
    const rules = { visibilitySeconds: VisibilityTimeout, maxReceives: RedrivePolicy?.maxReceiveCount ?? Infinity };
    return createSingleQueue({
      rules,
      clock,
      ids: { uuid: () => randomUUID() },
      bury: (message: Held) => {
        if (RedrivePolicy) bury(RedrivePolicy.deadLetterTargetArn, message.body);
      },
    });
  }

  const queues = new Map(resources.map((resource) => [resource.arn, made(resource)]));

  function redrive(path: string): number {
    const moved = resources.flatMap(({ arn, path: own, properties: given }) => {
      const { RedrivePolicy } = properties.parse(given);
      if (!own.includes(path) || !RedrivePolicy) return [];
      const bodies = dead.get(RedrivePolicy.deadLetterTargetArn) ?? [];
      dead.delete(RedrivePolicy.deadLetterTargetArn);
      for (const body of bodies) named(arn).accept(body, 0);
      return bodies;
    });
    if (moved.length > 0) onSend();
    return moved.length;
  }

  function named(arn: string): SingleQueue {
    const queue = queues.get(arn);
    if (!queue) throw new AwsError('QueueDoesNotExist', `The queue ${arn} does not exist.`);
    return queue;
  }

  function send(arn: string, { MessageBody, DelaySeconds = 0 }: z.infer<typeof message>) {
    const reason = refusal(MessageBody, DelaySeconds) ?? invalid(MessageBody);
    if (reason !== undefined) throw new AwsError('InvalidParameterValue', reason);
    const { id } = named(arn).accept(MessageBody, DelaySeconds);
    return { MessageId: id, MD5OfMessageBody: hash('md5', MessageBody) };
  }

  function sendBatch(arn: string, entries: z.infer<typeof batch>['Entries']) {
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of entries) {
      try {
        Successful.push({ Id: entry.Id, ...send(arn, entry) });
      } catch (error) {
        if (!(error instanceof AwsError) || error.code !== 'InvalidParameterValue') throw error;
        Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  }

  return {
    polled(arn) {
      const queue = named(arn);
      return {
        arn,
        receive: (max) => queue.receive(max),
        remove: (receipts) => receipts.forEach((receipt) => queue.remove(receipt)),
        dueAt: () => queue.dueAt(),
      };
    },
    accept(arn, body) {
      named(arn).accept(body, 0);
      onSend();
    },
    bury,
    redrive,
    deadLetters: () => [...dead].map(([arn, bodies]) => ({ queue: pathOf.get(arn) ?? arn, bodies })),
    service: {
      acts: (request) => [
        { action: `sqs:${request.operation.replace(/Batch$/, '')}`, resource: arnIn(addressed.parse(bodyOf(request))) },
      ],
      answer(request) {
        const input = bodyOf(request);
        const arn = arnIn(addressed.parse(input));
        const answer = () => {
          if (request.operation === 'SendMessage') return send(arn, message.parse(input));
          if (request.operation === 'SendMessageBatch') return sendBatch(arn, batch.parse(input).Entries);
          throw unknownOperation('SQS', request.operation);
        };
        const made = answer();
        onSend();
        return json(made);
      },
    },
  };
}

const addressed = z.object({ QueueUrl: z.string() });
const message = z.object({ MessageBody: z.string(), DelaySeconds: z.optional(z.number()) });
const batch = z.object({ Entries: z.array(z.extend(message, { Id: z.string() })).check(z.maxLength(10)) });

const arnIn = ({ QueueUrl }: { QueueUrl: string }) => arnOf('sqs', QueueUrl.split('/').at(-1) ?? '');

/** SQS takes the characters of XML 1.0 only. */
function invalid(body: string): string | undefined {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body) || !body.isWellFormed()
    ? 'The message contains characters outside the allowed set.'
    : undefined;
}
