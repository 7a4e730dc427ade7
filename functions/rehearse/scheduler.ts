// EventBridge Scheduler: one-off schedules that the functions make, and the template's regular ones.
import * as z from 'zod/mini';
import { type Instant, minute } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Source } from '../local/source.ts';
import type { Caller, Iam } from './iam.ts';
import { onBehalfOf } from './iam.ts';
import { arnOf } from './names.ts';
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
  ScheduleExpressionTimezone: z.optional(z.literal('UTC')),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  ActionAfterCompletion: z.optional(z.enum(['DELETE', 'NONE'])),
  Target: target,
});
type Target = z.infer<typeof target>;

interface Entry {
  name: string;
  group: string;
  at: Instant;
  /** Milliseconds between the runs of a regular schedule. */
  period?: number;
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
  const oneOffs = new Map<string, Entry>();
  const regular = deployed.ofType('AWS::Scheduler::Schedule').map(({ id, properties }): Entry => {
    const { ScheduleExpression, GroupName, Target } = schedule.parse(properties);
    return { name: id, group: GroupName, at: machine.now(), period: periodOf(ScheduleExpression), target: Target };
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
    const { GroupName, Target, ScheduleExpression } = given;
    const key = `${GroupName}/${name}`;
    if (!groups.has(GroupName))
      throw new AwsError('ResourceNotFoundException', `Schedule group ${GroupName} does not exist.`, 404);
    if (oneOffs.has(key)) throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
    const at = instantIn(ScheduleExpression);
    if (!(at >= clock.now()))
      throw new AwsError('ValidationException', `Invalid Schedule Expression ${ScheduleExpression}.`);
    oneOffs.set(key, { name, group: GroupName, at, target: Target });
    onChange();
    return json({ ScheduleArn: arnOf('scheduler', `schedule/${key}`) });
  }

  const soonest = () =>
    [...oneOffs.values()].reduce<Entry | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);

  return {
    source: {
      next() {
        const due = soonest();
        if (due && due.at <= clock.now()) {
          oneOffs.delete(`${due.group}/${due.name}`);
          return async () => run(due);
        }
        const again = regular.find(({ at }) => at <= machine.now());
        if (again?.period === undefined) return undefined;
        again.at = machine.now() + again.period;
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

function created(request: AwsRequest) {
  const name = /^\/schedules\/([0-9a-zA-Z_.-]{1,64})$/.exec(request.target)?.[1];
  if (request.method !== 'POST' || name === undefined)
    throw unknownOperation('Scheduler', `${request.method} ${request.target}`);
  return { name, given: schedule.parse(bodyOf(request)) };
}

/** `at(2026-01-31T10:00:00)`, in UTC. */
function instantIn(expression: string): Instant {
  const time = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  return Date.parse(`${time ?? ''}Z`);
}

function periodOf(expression: string): number {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1];
  if (minutes === undefined)
    throw new Error(`The template uses the schedule ${expression}, which the rehearsal does not know.`);
  return Number(minutes) * minute;
}
