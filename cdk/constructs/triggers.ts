// How each kind of trigger of the topology reaches its function.
import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type Function,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName, Trigger } from '../../shared/topology.ts';
import type { AddAlarm } from './alarms.ts';
import { allow } from './allow.ts';
import { addRoutes } from './api.ts';
import type { Resources } from './grants.ts';
import { addDeadLetters } from './queues.ts';

export interface Triggered {
  name: FunctionName;
  target: Function;
  onFailure: string;
  api: HttpApi;
  resources: Resources;
  addAlarm: AddAlarm;
}

/** Connects a function with its trigger and allows it to take from there. */
export function addTrigger(trigger: Trigger, triggered: Triggered): void {
  if ('http' in trigger) return addRoutes(triggered.api, triggered.name, triggered.target, trigger.http);
  if ('queue' in trigger) return takeFromQueue(trigger, triggered);
  if ('stream' in trigger) return takeFromStream(trigger, triggered);
  return catchFailedWakeUps(triggered);
}

function takeFromQueue(trigger: Extract<Trigger, { queue: unknown }>, { target, resources }: Triggered): void {
  const queue = resources.queues[trigger.queue];
  allow(target, {
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queue.queueArn],
  });
  new EventSourceMapping(target, 'Queue', {
    target,
    eventSourceArn: queue.queueArn,
    batchSize: trigger.batch,
    maxBatchingWindow: Duration.seconds(trigger.windowSeconds),
    maxConcurrency: trigger.concurrency,
    reportBatchItemFailures: true,
  });
}

type OfStream = Extract<Trigger, { stream: unknown }>;

/** What the stream tells of other items costs nothing. One that is gone has only its old image. */
const filterOf = ({ kinds, removed, statuses }: OfStream['follows'][number]) => {
  const item = {
    kind: { S: FilterRule.or(...kinds) },
    ...(statuses && { status: { S: FilterRule.or(...statuses) } }),
  };
  return FilterCriteria.filter(
    removed ? { eventName: FilterRule.or('REMOVE'), dynamodb: { OldImage: item } } : { dynamodb: { NewImage: item } },
  );
};

/** Batches that fail are halved, tried again for `hours`, and then given up: their place in the stream is kept. */
function takeFromStream(trigger: OfStream, triggered: Triggered): void {
  const { name, target, onFailure, resources, addAlarm } = triggered;
  const stream = resources.table.tableStreamArn;
  if (stream === undefined) throw new Error('The table has no stream.');
  const scope = new Construct(target, 'Stream');
  const deadLetters = addDeadLetters(scope, {
    text: `Some changes were given up. ${onFailure}`,
    runbook: name,
    addAlarm,
  });
  allow(target, {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resources: [stream],
  });
  allow(target, {
    actions: ['dynamodb:ListStreams'],
    resources: ['*'],
    wildcard: 'dynamodb:ListStreams cannot be limited to a resource.',
  });
  allow(target, { actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] });
  new EventSourceMapping(scope, 'Mapping', {
    target,
    eventSourceArn: stream,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: trigger.batch,
    filters: trigger.follows.map(filterOf),
    maxBatchingWindow: Duration.seconds(trigger.windowSeconds),
    parallelizationFactor: trigger.parallel,
    maxRecordAge: Duration.hours(trigger.hours),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  addAlarm(scope, 'IteratorAge', {
    metric: target.metric('IteratorAge', { statistic: 'Maximum' }),
    above: Duration.minutes(5).toMilliseconds(),
    text: `Changes are more than five minutes late. ${onFailure}`,
    runbook: name,
  });
}

/** Scheduler invokes without waiting for an answer: runs that failed for good go where lost wake-ups go. */
function catchFailedWakeUps({ target, resources }: Triggered): void {
  const { deadLetters } = resources.schedules;
  allow(target, { actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] });
  target.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
}
