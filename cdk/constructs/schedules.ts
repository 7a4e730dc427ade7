import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Trigger } from '../../shared/topology.ts';
import type { AddAlarm } from './alarms.ts';
import { addDeadLetters } from './queues.ts';

type WakeUps = Extract<Trigger, { wakeUps: unknown }>;

export interface Schedules {
  group: string;
  /** The schedules of the group, for the statement that may create them. */
  groupArnPattern: string;
  role: Role;
  /** Wake-ups that could not be delivered, and runs of `wake` that failed for good. */
  deadLetters: Queue;
}

/** The group of all schedules, the role that they run with (it may wake `wake`, nothing else), and the regular one. */
export function addSchedules(
  parent: Construct,
  { target, trigger, addAlarm }: { target: Function; trigger: WakeUps; addAlarm: AddAlarm },
): Schedules {
  const scope = new Construct(parent, 'Schedules');
  const stack = Stack.of(scope);
  const text = 'Some wake-ups were lost; the regular sweep makes up for them late.';
  const deadLetters = addDeadLetters(scope, { text, runbook: 'wake', addAlarm });
  const group = new CfnScheduleGroup(scope, 'Group', { name: stack.stackName });
  const groupName = group.ref;
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group.attrArn } },
    }),
    inlinePolicies: {
      Wake: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ],
      }),
    },
  });
  new CfnSchedule(scope, 'Regular', {
    groupName,
    scheduleExpression: `rate(${trigger.everyMinutes} minutes)`,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: target.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify(trigger.payload),
      deadLetterConfig: { arn: deadLetters.queueArn },
    },
  });
  const groupArnPattern = stack.formatArn({
    service: 'scheduler',
    resource: 'schedule',
    resourceName: `${groupName}/*`,
  });
  return { group: groupName, groupArnPattern, role, deadLetters };
}
