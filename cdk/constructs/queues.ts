import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { queues as specs, visibilitySeconds } from '../../shared/topology.ts';
import { acknowledge } from '../acknowledge.ts';
import type { AddAlarm } from './alarms.ts';

export type QueueName = keyof typeof specs;
export type Queues = Readonly<Record<QueueName, Queue>>;

const closed = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** Every queue of the topology with its dead letters and its two alarms. */
export function addQueues(scope: Construct, addAlarm: AddAlarm): Queues {
  const parent = new Construct(scope, 'Queues');
  const add = (name: QueueName) => addQueue(new Construct(parent, name), name, addAlarm);
  return {
    segments: add('segments'),
    flows: add('flows'),
    messages: add('messages'),
    jobs: add('jobs'),
    tallies: add('tallies'),
    feedback: add('feedback'),
  };
}

function addQueue(scope: Construct, name: QueueName, addAlarm: AddAlarm): Queue {
  const { maxReceives, onDeadLetters } = specs[name];
  const runbook = `queue-${name}`;
  const deadLetters = addDeadLetters(scope, { text: onDeadLetters, runbook, addAlarm });
  const queue = new Queue(scope, 'Queue', {
    ...closed,
    visibilityTimeout: Duration.seconds(visibilitySeconds(name)),
    retentionPeriod: Duration.days(14),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: maxReceives },
  });
  addAlarm(scope, 'OldestMessage', {
    metric: queue.metricApproximateAgeOfOldestMessage(),
    // Messages may be sent with a delay of up to 15 minutes, which counts as age.
    above: Duration.minutes(30).toSeconds(),
    periods: 2,
    text: `Work waits on the queue ${name} for more than half an hour.`,
    runbook,
  });
  return queue;
}

/** A queue for what was given up, kept as long as SQS can, with an alarm as soon as something lies in it. */
export function addDeadLetters(
  scope: Construct,
  { text, runbook, addAlarm }: { text: string; runbook: string; addAlarm: AddAlarm },
): Queue {
  const queue = new Queue(scope, 'DeadLetters', { ...closed, retentionPeriod: Duration.days(14) });
  acknowledge(queue, 'AwsSolutions-SQS3', 'It is where dead letters go.');
  addAlarm(scope, 'DeadLettersAlarm', {
    metric: queue.metricApproximateNumberOfMessagesVisible(),
    text,
    runbook,
  });
  return queue;
}
