import { SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { patience } from './client.ts';

/** Starts moving the messages of a dead-letter queue back to where they came from; SQS goes on by itself. */
export async function startRedrive(deadLettersArn: string): Promise<void> {
  await new SQSClient(patience).send(new StartMessageMoveTaskCommand({ SourceArn: deadLettersArn }));
}
