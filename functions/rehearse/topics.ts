// SNS topics: hand on what services of AWS publish to the queues that subscribed.
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { iso } from '../../shared/kernel/time.ts';
import type { Clock } from '../../shared/ports.ts';
import { type Iam, onBehalfOf } from './iam.ts';
import type { Deployed } from './template.ts';

const subscription = z.strictObject({ TopicArn: z.string(), Protocol: z.literal('sqs'), Endpoint: z.string() });

/** Publishes a text to a topic in the name of a service, on behalf of the resource `from`. */
export type PublishTo = (topic: string, by: { service: string; from: string }, Message: string) => void;

/** The template's topics and subscriptions. `deliver` puts a text into a queue. */
export function createTopics(options: {
  deployed: Deployed;
  clock: Clock;
  iam: Iam;
  deliver: (queueArn: string, body: string) => void;
}): PublishTo {
  const { deployed, clock, iam, deliver } = options;
  const subscriptions = deployed
    .ofType('AWS::SNS::Subscription')
    .map(({ properties }) => subscription.parse(properties));
  return (topic, { service, from }, Message) => {
    iam.demand({ service }, [{ action: 'sns:Publish', resource: topic, context: onBehalfOf(from) }]);
    for (const { TopicArn, Endpoint } of subscriptions) {
      if (TopicArn !== topic) continue;
      const act = { action: 'sqs:SendMessage', resource: Endpoint, context: onBehalfOf(topic) };
      iam.demand({ service: 'sns.amazonaws.com' }, [act]);
      const envelope = {
        Type: 'Notification',
        MessageId: randomUUID(),
        TopicArn,
        Message,
        Timestamp: iso(clock.now()),
      };
      deliver(Endpoint, JSON.stringify(envelope));
    }
  };
}
