// Batches whose outcome is told wrongly.
import type { LambdaHandler } from '../../shared/lambda/chain.ts';
import type { FunctionName } from '../../shared/topology.ts';
import type { Dice } from './chaos-catalogue.ts';

interface Batch {
  Records?: readonly { messageId?: string; dynamodb?: { SequenceNumber?: string } }[];
}

const idsOf = (event: unknown): string[] =>
  ((event as Batch).Records ?? []).flatMap(({ messageId, dynamodb }) => messageId ?? dynamodb?.SequenceNumber ?? []);

/** The same function, which at times reports a record as failed that went well, or throws with all its work done. */
export function misreporting(handler: LambdaHandler, name: FunctionName, { hits, draw }: Dice): LambdaHandler {
  return async (event, context) => {
    const answer = await handler(event, context);
    const ids = idsOf(event);
    if (ids.length === 0) return answer;
    if (hits('failed-batch', { function: name })) throw new Error('The invocation failed after its work.');
    const id = ids[Math.floor(draw() * ids.length)];
    if (id === undefined || !hits('misreported', { function: name })) return answer;
    const { batchItemFailures } = answer as { batchItemFailures: readonly { itemIdentifier: string }[] };
    return { batchItemFailures: [...batchItemFailures, { itemIdentifier: id }] };
  };
}
