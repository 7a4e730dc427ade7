// EventBridge Scheduler: schedules that the functions make, and the template's regular ones.
import * as z from 'zod/mini';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Source } from '../local/source.ts';
import type { Caller, Iam } from './iam.ts';
import { onBehalfOf } from './iam.ts';
import { arnOf } from './names.ts';
import { type NextRun, runsOf } from './schedule-expression.ts';
import type { Deployed } from './template.ts';
import { AwsError, type AwsRequest, bodyOf, json, type Service, unknownOperation } from './wire.ts';

const target = z.object({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.optional(z.string()),
  DeadLetterConfig: z.optional(z.object({ Arn: z.string() })),
});
const schedule = z.object({
  GroupName: z._default(z.string(), 'default'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z._default(z.string(), 'UTC'),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  ActionAfterCompletion: z.optional(z.enum(['DELETE', 'NONE'])),
  Target: target,
});
type Target = z.infer<typeof target>;

interface Entry {
  name: string;
  group: string;
  /** The next run. */
  at: Instant;
  following: NextRun;
  target: Target;
}

export interface Scheduler {
  service: Service;
  source: Source;
}

const service = 'scheduler.amazonaws.com';

/**
 * The schedules. `start` invokes the target's function asynchronously; `bury` gets what its role did not allow. Regular
 * schedules run once at the start, as in AWS, and then by the machine's clock: in thirty days that are turned forward the
 * sweeps of 720 idle hours prove nothing.
 */
export function createScheduler(options: {
  deployed: Deployed;
  clock: Clock;
  iam: Iam;
  start: (functionArn: string, payload: unknown) => void;
  bury: (queueArn: string, body: string) => void;
  onChange: () => void;
}): Scheduler {
  const { deployed, clock, iam, start, bury, onChange } = options;
  const machine: Clock = { now: () => Date.now() };
  const groups = new Map(deployed.ofType('AWS::Scheduler::ScheduleGroup').map((group) => [group.ref, group.arn]));
  const made = new Map<string, Entry>();
  const regular = deployed.ofType('AWS::Scheduler::Schedule').flatMap(({ id, properties }): Entry[] => {
    const given = schedule.parse(properties);
    const following = runsOf(given.ScheduleExpression, machine.now(), given.ScheduleExpressionTimezone);
    if (!following) throw new Error(`The template's schedule ${given.ScheduleExpression} is none that AWS knows.`);
    const at = following(machine.now() - 1);
    return at === undefined ? [] : [{ name: id, group: given.GroupName, at, following, target: given.Target }];
  });

  /** Runs a schedule's target as the service would: with the role, if the role lets it. */
  function run({ name, group, target: { Arn, RoleArn, Input = '{}', DeadLetterConfig } }: Entry): void {
    const groupArn = groups.get(group) ?? '';
    const role: Caller = { role: RoleArn };
    try {
      if (!iam.mayAssume(service, RoleArn, onBehalfOf(groupArn)))
        throw new AwsError('AccessDeniedException', `Scheduler may not take on ${RoleArn} for ${name}.`, 403);
      iam.demand(role, [{ action: 'lambda:InvokeFunction', resource: Arn }]);
      start(Arn, JSON.parse(Input));
    } catch (error) {
      if (!DeadLetterConfig) throw error;
      iam.demand(role, [{ action: 'sqs:SendMessage', resource: DeadLetterConfig.Arn }]);
      bury(DeadLetterConfig.Arn, Input);
    }
  }

  function create(request: AwsRequest) {
    const { name, given } = created(request);
    const { GroupName, Target, ScheduleExpression, ScheduleExpressionTimezone } = given;
    const key = `${GroupName}/${name}`;
    if (!groups.has(GroupName))
      throw new AwsError('ResourceNotFoundException', `Schedule group ${GroupName} does not exist.`, 404);
    if (made.has(key)) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    const following = runsOf(ScheduleExpression, clock.now(), ScheduleExpressionTimezone);
    const at = following?.(clock.now() - 1);
    if (!following || at === undefined)
      throw new AwsError('ValidationException', `Invalid Schedule Expression ${ScheduleExpression}.`);
    made.set(key, { name, group: GroupName, at, following, target: Target });
    onChange();
    return json({ ScheduleArn: arnOf('scheduler', `schedule/${key}`) });
  }

  const soonest = () => [...made.values()].reduce<Entry | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);

  return {
    source: {
      next() {
        const due = soonest();
        if (due && due.at <= clock.now()) {
          goOn(made, due);
          return async () => run(due);
        }
        const again = regular.find(({ at }) => at <= machine.now());
        if (again === undefined) return undefined;
        again.at = again.following(machine.now()) ?? Infinity;
        return async () => run(again);
      },
      dueAt: () => soonest()?.at,
    },
    service: {
      acts(request) {
        const { name, given } = created(request);
        const passed = { 'iam:PassedToService': service };
        return [
          { action: 'scheduler:CreateSchedule', resource: arnOf('scheduler', `schedule/${given.GroupName}/${name}`) },
          { action: 'iam:PassRole', resource: given.Target.RoleArn, context: passed },
        ];
      },
      answer: (request) => create(request),
    },
  };
}

/** What has run for the last time is gone. */
function goOn(made: Map<string, Entry>, entry: Entry): void {
  const key = `${entry.group}/${entry.name}`;
  const at = entry.following(entry.at);
  if (at === undefined) made.delete(key);
  else made.set(key, { ...entry, at });
}

function created(request: AwsRequest) {
  const name = /^\/schedules\/([0-9a-zA-Z_.-]{1,64})$/.exec(request.target)?.[1];
  if (request.method !== 'POST' || name === undefined)
    throw unknownOperation('Scheduler', `${request.method} ${request.target}`);
  return { name, given: schedule.parse(bodyOf(request)) };
}
