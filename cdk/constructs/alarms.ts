import { Duration, Fn } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Stage } from '../config.ts';

export interface AlarmSpec {
  metric: IMetric;
  /** What it means for people. */
  text: string;
  /** The section of docs/runbook.md that says what to do. */
  runbook: string;
  /** Alarms above this; 0 unless given. */
  above?: number;
  /** How many periods in a row; 1 unless given. */
  periods?: number;
}

/** Adds an alarm below `scope` that tells whoever watches the stage. */
export type AddAlarm = (scope: Construct, id: string, spec: AlarmSpec) => Alarm;

/** The topic that hears of all alarms, and the function that adds one. */
export function addAlarms(scope: Construct, stage: Stage): AddAlarm {
  const topic = new Topic(scope, 'Alarms', { enforceSSL: true });
  topic.grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
  if (stage.alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(stage.alarmEmail));
  return (within, id, { metric, text, runbook, above = 0, periods = 1 }) => {
    const alarm = new Alarm(within, id, {
      metric,
      alarmDescription: `${text} See docs/runbook.md#${runbook}`,
      threshold: above,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  };
}

/** Marketing email of an account rests: the bus tells of it, and somebody has to look. */
export function addSendingAlarm(scope: Construct, { bus, addAlarm }: { bus: EventBus; addAlarm: AddAlarm }): void {
  const rule = new Rule(scope, 'SendingRests', {
    eventBus: bus,
    description: 'Counts what the alarm of the same name watches.',
    eventPattern: { detailType: ['sending.rests'] },
  });
  addAlarm(scope, 'SendingRestsAlarm', {
    metric: new Metric({
      namespace: 'AWS/Events',
      metricName: 'MatchedEvents',
      dimensionsMap: { EventBusName: bus.eventBusName, RuleName: nameOf(rule) },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
    }),
    text: 'Marketing email of an account rests: too much of it bounced or was complained of.',
    runbook: 'sending-rests',
  });
}

/** The bare name of a rule: what refers to one of a bus of its own is `bus|rule`, and no metric is called that. */
const nameOf = (rule: Rule): string => Fn.select(1, Fn.split('|', rule.ruleName));

/** SES stops sending for accounts whose mail bounces or is complained of: warn at half of the rates that it reviews. */
export function addReputationAlarms(scope: Construct, addAlarm: AddAlarm): void {
  const rate = (metricName: string) =>
    new Metric({ namespace: 'AWS/SES', metricName, statistic: Stats.AVERAGE, period: Duration.hours(1) });
  addAlarm(scope, 'BounceRate', {
    metric: rate('Reputation.BounceRate'),
    above: 0.025,
    text: 'Too many messages bounce; SES may stop sending.',
    runbook: 'mail-reputation',
  });
  addAlarm(scope, 'ComplaintRate', {
    metric: rate('Reputation.ComplaintRate'),
    above: 0.0005,
    text: 'Too many people complain; SES may stop sending.',
    runbook: 'mail-reputation',
  });
}
