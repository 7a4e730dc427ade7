import { ConflictException, CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { second } from '../../kernel/time.ts';
import type { Clock, Schedule } from '../../ports.ts';
import { patience } from './client.ts';
import { createClock } from './clock.ts';
import type { Environment } from './environment.ts';

/** What a schedule is made with; all but the client and the clock are names of deployed things. */
export interface ScheduleOptions {
  client: SchedulerClient;
  clock: Clock;
  group: string;
  roleArn: string;
  wakeArn: string;
  deadLettersArn: string;
}

/** Scheduler refuses instants that have passed when the call arrives, so an instant this near is moved behind it. */
const margin = 15 * second;

/** Names remembered by one container: the minutes of a day. */
const remembered = 1440;

/** EventBridge Scheduler behind the schedule port: one-off schedules that delete themselves. */
export function createSchedule(options: ScheduleOptions): Schedule {
  const made = new Set<string>();
  return {
    async once({ name, at, payload }) {
      if (made.has(name)) return;
      const command = new CreateScheduleCommand({
        Name: name,
        GroupName: options.group,
        ScheduleExpression: `at(${wholeSeconds(Math.max(at, options.clock.now() + margin))})`,
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: options.wakeArn,
          RoleArn: options.roleArn,
          Input: JSON.stringify(payload),
          DeadLetterConfig: { Arn: options.deadLettersArn },
        },
      });
      await options.client.send(command).catch((error: unknown) => {
        if (!(error instanceof ConflictException)) throw error;
      });
      if (made.size === remembered) made.clear();
      made.add(name);
    },
  };
}

/** The schedules of the function's environment. */
export function awsSchedule(environment: Environment): Schedule {
  return createSchedule({
    client: new SchedulerClient(patience),
    clock: createClock(),
    group: environment('SCHEDULE_GROUP'),
    roleArn: environment('SCHEDULE_ROLE_ARN'),
    wakeArn: environment('WAKE_ARN'),
    deadLettersArn: environment('WAKE_DEAD_LETTERS_ARN'),
  });
}

/** UTC without offset, rounded up: never earlier than asked. */
function wholeSeconds(at: number): string {
  return new Date(Math.ceil(at / second) * second).toISOString().slice(0, 19);
}
