import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Resources } from './grants.ts';

/** What people and tools need to know of a deployed stage. */
export function addOutputs(stack: Stack, { publicUrl, table, bus, queues, sms }: Resources): void {
  const output = (name: string, value: string) => new CfnOutput(stack, name, { value });
  output('PublicUrl', publicUrl);
  output('TableName', table.tableName);
  output('BusName', bus.eventBusName);
  output('SmsAnswersTopicArn', sms.answers.topicArn);
  for (const [name, queue] of Object.entries(queues)) {
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    output(`${title}QueueUrl`, queue.queueUrl);
    output(`${title}DeadLettersArn`, queue.deadLetterQueue?.queue.queueArn ?? '');
  }
}
