import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Change } from '../storage/store.ts';
import { chain, type ChainPorts, type LambdaHandler } from './chain.ts';
import { itemOf } from './wire.ts';

/** Thrown by a stream's work: the changes before `index` are done, this one and those behind it must come again. */
export class FailedAt extends Error {
  readonly index: number;
  constructor(index: number, cause: unknown) {
    super(`The change at ${index} could not be worked off.`, { cause });
    this.name = 'FailedAt';
    this.index = index;
  }
}

/** One record of the stream (NEW_AND_OLD_IMAGES) as a change. */
function changeOf({ dynamodb, userIdentity }: DynamoDBRecord): Change {
  const { OldImage, NewImage, ApproximateCreationDateTime = 0 } = dynamodb ?? {};
  const identity = userIdentity as { principalId?: string } | undefined;
  return {
    at: ApproximateCreationDateTime * 1000,
    ...(OldImage && { before: itemOf(OldImage) }),
    ...(NewImage && { after: itemOf(NewImage) }),
    ...(identity?.principalId === 'dynamodb.amazonaws.com' && { expired: true }),
  };
}

/**
 * Works off the table's stream: `work` gets the changes of a batch in order. When it throws `FailedAt`, the stream goes
 * on from that change; when it throws anything else, from the first.
 */
export function streamHandler(ports: ChainPorts, work: (changes: readonly Change[]) => Promise<void>): LambdaHandler {
  async function run(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
    try {
      await work(event.Records.map(changeOf));
      return { batchItemFailures: [] };
    } catch (error) {
      const failed = error instanceof FailedAt ? event.Records[error.index]?.dynamodb?.SequenceNumber : undefined;
      if (failed === undefined) throw error;
      ports.log.error('a change failed', { sequence: failed, error });
      return { batchItemFailures: [{ itemIdentifier: failed }] };
    }
  }
  return chain(ports, 'changes', run, (event, answer) => ({
    changes: event.Records.length,
    failed: answer.batchItemFailures.length > 0,
  }));
}
