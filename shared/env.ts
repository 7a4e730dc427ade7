// The environment of each function, derived from its grants: cdk sets these names, adapters/aws reads them.
import type { QueueName } from './messages.ts';
import type { Grant } from './topology.ts';

export type EnvName =
  | 'STAGE'
  | 'PUBLIC_URL'
  | 'TABLE_NAME'
  | 'BUS_NAME'
  | 'SCHEDULE_GROUP'
  | 'SCHEDULE_ROLE_ARN'
  | 'WAKE_ARN'
  | 'WAKE_DEAD_LETTERS_ARN'
  | 'CONFIGURATION_SET'
  | 'SMS_CONFIGURATION_SET'
  | 'BUCKET_NAME'
  | `${Uppercase<QueueName>}_QUEUE_URL`;

const ofResource: Readonly<Record<string, readonly EnvName[]>> = {
  table: ['TABLE_NAME'],
  bus: ['BUS_NAME'],
  schedule: ['SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN', 'WAKE_ARN', 'WAKE_DEAD_LETTERS_ARN'],
  mail: ['CONFIGURATION_SET'],
  sms: ['SMS_CONFIGURATION_SET'],
  files: ['BUCKET_NAME'],
};

/** The environment variable that holds a queue's URL. */
export function queueVariable(queue: QueueName): EnvName {
  return `${queue.toUpperCase() as Uppercase<QueueName>}_QUEUE_URL`;
}

/** The environment variables of a function with these grants, sorted. */
export function environmentOf(grants: readonly Grant[]): EnvName[] {
  const names = new Set<EnvName>(['STAGE', 'PUBLIC_URL']);
  for (const grant of grants) {
    const [resource = '', detail = ''] = grant.split(':');
    if (resource === 'queue') names.add(queueVariable(detail as QueueName));
    else for (const name of ofResource[resource] ?? []) names.add(name);
  }
  return [...names].sort();
}
