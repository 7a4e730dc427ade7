import { CfnOutput, Stack } from 'aws-cdk-lib';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../config.ts';

export interface MailResources {
  configurationSet: string;
  /** What a statement must name to allow sending: the identities and the configuration set. */
  sendingArns: string[];
}

/** The sender's identities, and the configuration set whose events reach the `feedback` queue by a topic. */
export function addMail(parent: Construct, stage: Stage, feedback: Queue): MailResources {
  const scope = new Construct(parent, 'Mail');
  const identities = stage.senderDomains.map((domain) => addIdentity(scope, domain));
  const configurationSet = new ConfigurationSet(scope, 'ConfigurationSet', {
    suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    reputationMetrics: true,
  });
  const topic = new Topic(scope, 'Feedback', { enforceSSL: true });
  configurationSet.addEventDestination('Feedback', {
    destination: EventDestination.snsTopic(topic),
    events: [
      // SEND resolves messages whose answer was lost.
      EmailSendingEvent.SEND,
      EmailSendingEvent.DELIVERY,
      EmailSendingEvent.REJECT,
      EmailSendingEvent.BOUNCE,
      EmailSendingEvent.COMPLAINT,
      EmailSendingEvent.RENDERING_FAILURE,
    ],
  });
  topic.addSubscription(new SqsSubscription(feedback));
  const setArn = Stack.of(scope).formatArn({
    service: 'ses',
    resource: 'configuration-set',
    resourceName: configurationSet.configurationSetName,
  });
  return { configurationSet: configurationSet.configurationSetName, sendingArns: [...identities, setArn] };
}

/** One identity; its DKIM records are outputs, to be put into the domain's DNS. Returns its ARN. */
function addIdentity(scope: Construct, domain: string): string {
  const identity = new EmailIdentity(scope, domain, { identity: Identity.domain(domain) });
  identity.dkimRecords.forEach((record, index) => {
    new CfnOutput(identity, `Dkim${index + 1}`, { value: `${record.name} CNAME ${record.value}` });
  });
  return identity.emailIdentityArn;
}
