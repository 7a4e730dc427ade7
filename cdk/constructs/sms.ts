import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnConfigurationSet } from 'aws-cdk-lib/aws-smsvoice';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface SmsResources {
  configurationSet: string;
  configurationSetArn: string;
  /** Patterns of all that a text message can come from. */
  senderArns: readonly string[];
  /** Where numbers send what people answer: the owner sets it as the two-way channel of each number. */
  answers: Topic;
}

export interface PushResources {
  /** Patterns of what push messages go through. */
  applicationArns: string;
  endpointArns: string;
}

/** The configuration set of text messages, whose events reach the `feedback` queue by a topic, as do people's answers. */
export function addSms(parent: Construct, feedback: Queue): SmsResources {
  const scope = new Construct(parent, 'Sms');
  const topic = new Topic(scope, 'Feedback', { enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('sms-voice.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  topic.addSubscription(new SqsSubscription(feedback));
  const set = new CfnConfigurationSet(scope, 'ConfigurationSet', {
    eventDestinations: [
      {
        eventDestinationName: 'Feedback',
        enabled: true,
        matchingEventTypes: ['TEXT_ALL'],
        snsDestination: { topicArn: topic.topicArn },
      },
    ],
  });
  const arnOf = (resource: string) => Stack.of(scope).formatArn({ service: 'sms-voice', resource, resourceName: '*' });
  return {
    configurationSet: set.ref,
    configurationSetArn: set.attrArn,
    senderArns: ['phone-number', 'pool', 'sender-id'].map(arnOf),
    answers: topic,
  };
}

/** Push goes through platform applications that hold the owner's credentials of Apple and Google: made by the owner. */
export function pushOf(scope: Construct): PushResources {
  const arnOf = (resource: string) => Stack.of(scope).formatArn({ service: 'sns', resource, resourceName: '*' });
  return { applicationArns: arnOf('app'), endpointArns: arnOf('endpoint') };
}
