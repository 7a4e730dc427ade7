// What the database says no with, in the words of the port. Everything else passes as it is.
import {
  type CancellationReason,
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ConditionFailed, type Item, type Refusal, TransactionRefused } from '../../storage/store.ts';

/** Runs a call and translates its failure: a failed condition, a refused or contended transaction. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translation(error);
  }
}

function translation(error: unknown): unknown {
  if (error instanceof ConditionalCheckFailedException) return new ConditionFailed(itemOf(error.Item));
  // A transaction holds the item of a single write: to the caller both are one kind of conflict.
  if (error instanceof TransactionConflictException) return new TransactionRefused([{ failed: false }], true);
  if (error instanceof TransactionCanceledException) return refusalOf(error.CancellationReasons ?? []) ?? error;
  return error;
}

/** Undefined when anything but conditions and conflicts was in the way: throttling, or a fault of ours. */
function refusalOf(reasons: readonly CancellationReason[]): TransactionRefused | undefined {
  const codes = reasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  const known = codes.every((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
  if (!known || codes.length === 0) return undefined;
  const refusals = reasons.map(({ Code, Item }): Refusal =>
    Code === 'ConditionalCheckFailed' ? { failed: true, current: itemOf(Item) } : { failed: false },
  );
  return new TransactionRefused(refusals, codes.includes('TransactionConflict'));
}

/** The item as it was written; only this code writes items. */
function itemOf(item: CancellationReason['Item']): Item | undefined {
  return item && Object.keys(item).length > 0 ? (unmarshall(item) as Item) : undefined;
}
