// What each grant of the topology allows, action by action, and the values of the environment that come with it.
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type EnvName, environmentOf } from '../../shared/env.ts';
import type { Grant } from '../../shared/topology.ts';
import type { Stage } from '../config.ts';
import { allow, type Allowance } from './allow.ts';
import type { MailResources } from './mail.ts';
import type { QueueName, Queues } from './queues.ts';
import type { Schedules } from './schedules.ts';
import type { PushResources, SmsResources } from './sms.ts';
import { indexNames } from './table.ts';

/** All that a function may be allowed to use. */
export interface Resources {
  stage: Stage;
  publicUrl: string;
  table: TableV2;
  files: Bucket;
  queues: Queues;
  bus: EventBus;
  mail: MailResources;
  sms: SmsResources;
  push: PushResources;
  schedules: Schedules;
  wake: Function;
}

type QueueGrant = `queue:${QueueName}`;

const anyFile = 'Keys are made at run time; the bucket holds nothing but these files.';
const anyNumber = 'Which number, pool or sender id an account sends from is chosen at run time.';
const anyApplication = 'Which application a device belongs to is chosen at run time; endpoints are made then.';
const anySchedule = 'Names are made at run time; the group holds nothing but these schedules.';

const allowances = {
  'table:read': ({ table }) => [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:ConditionCheckItem'],
      resources: [table.tableArn],
    },
    {
      actions: ['dynamodb:Query'],
      resources: [table.tableArn, ...indexNames.map((name) => `${table.tableArn}/index/${name}`)],
    },
  ],
  'table:write': ({ table }) => [
    {
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
      resources: [table.tableArn],
    },
  ],
  'bus:publish': ({ bus }) => [{ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }],
  'schedule:create': ({ schedules }) => [
    { actions: ['scheduler:CreateSchedule'], resources: [schedules.groupArnPattern], wildcard: anySchedule },
    {
      actions: ['iam:PassRole'],
      resources: [schedules.role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    },
  ],
  'mail:send': ({ mail }) => [{ actions: ['ses:SendEmail'], resources: mail.sendingArns }],
  'sms:send': ({ sms }) => [
    { actions: ['sms-voice:SendTextMessage'], resources: [...sms.senderArns], wildcard: anyNumber },
    { actions: ['sms-voice:SendTextMessage'], resources: [sms.configurationSetArn] },
  ],
  'push:send': ({ push }) => [
    { actions: ['sns:CreatePlatformEndpoint'], resources: [push.applicationArns], wildcard: anyApplication },
    { actions: ['sns:Publish'], resources: [push.endpointArns], wildcard: anyApplication },
  ],
  // A server of somebody else's: no permission of AWS is needed.
  'http:request': () => [],
  'files:read': ({ files }) => [
    { actions: ['s3:GetObject'], resources: [files.arnForObjects('*')], wildcard: anyFile },
    // Without it S3 answers 403 instead of 404 for a key that is not there.
    { actions: ['s3:ListBucket'], resources: [files.bucketArn] },
  ],
  'files:write': ({ files }) => [
    { actions: ['s3:PutObject', 's3:PutObjectTagging'], resources: [files.arnForObjects('*')], wildcard: anyFile },
  ],
  'files:remove': ({ files }) => [
    { actions: ['s3:DeleteObject'], resources: [files.arnForObjects('*')], wildcard: anyFile },
  ],
} satisfies Record<Exclude<Grant, QueueGrant>, (resources: Resources) => Allowance[]>;

/** Gives a function what its grants stand for: the statements of its role, and the variables to find things by. */
export function grantAll(target: Function, grants: readonly Grant[], resources: Resources): void {
  for (const grant of grants) {
    for (const allowance of allowancesOf(grant, resources)) allow(target, allowance);
  }
  for (const [name, value] of Object.entries(environmentValues(grants, resources))) target.addEnvironment(name, value);
}

function allowancesOf(grant: Grant, resources: Resources): Allowance[] {
  if (!isQueueGrant(grant)) return allowances[grant](resources);
  return [{ actions: ['sqs:SendMessage'], resources: [resources.queues[queueOf(grant)].queueArn] }];
}

/** Exactly the variables that shared/env.ts derives from the grants. */
function environmentValues(grants: readonly Grant[], resources: Resources): Record<string, string> {
  const values: Record<EnvName, () => string> = {
    STAGE: () => resources.stage.name,
    PUBLIC_URL: () => resources.publicUrl,
    TABLE_NAME: () => resources.table.tableName,
    BUS_NAME: () => resources.bus.eventBusName,
    SCHEDULE_GROUP: () => resources.schedules.group,
    SCHEDULE_ROLE_ARN: () => resources.schedules.role.roleArn,
    WAKE_ARN: () => resources.wake.functionArn,
    WAKE_DEAD_LETTERS_ARN: () => resources.schedules.deadLetters.queueArn,
    CONFIGURATION_SET: () => resources.mail.configurationSet,
    SMS_CONFIGURATION_SET: () => resources.sms.configurationSet,
    BUCKET_NAME: () => resources.files.bucketName,
    SEGMENTS_QUEUE_URL: () => resources.queues.segments.queueUrl,
    FLOWS_QUEUE_URL: () => resources.queues.flows.queueUrl,
    MESSAGES_QUEUE_URL: () => resources.queues.messages.queueUrl,
    JOBS_QUEUE_URL: () => resources.queues.jobs.queueUrl,
    TALLIES_QUEUE_URL: () => resources.queues.tallies.queueUrl,
    FEEDBACK_QUEUE_URL: () => resources.queues.feedback.queueUrl,
  };
  return Object.fromEntries(environmentOf(grants).map((name) => [name, values[name]()]));
}

function isQueueGrant(grant: Grant): grant is QueueGrant {
  return grant.startsWith('queue:');
}

function queueOf(grant: QueueGrant): QueueName {
  return grant.slice('queue:'.length) as QueueName;
}
