// The port's words as requests of the database.
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { keyOf } from '../../storage/actions.ts';
import type { Check, Put, Query, Remove, Write } from '../../storage/store.ts';
import { table } from '../../storage/table.ts';
import { positionOf } from '../../storage/token.ts';
import { plainMap } from '../../storage/values.ts';
import { conditional, ranging, updating } from './store-expressions.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write within a batch. */
export type BatchRequest = ReturnType<typeof batchRequest>;

/** The parameters of a query. One item more than asked for is read: it shows whether anything follows. */
export function queryInput(query: Query) {
  const global = query.index !== undefined && table.indexes[query.index].kind === 'global';
  return {
    ...ranging(query),
    ...(query.index !== undefined && { IndexName: query.index }),
    ...(query.limit !== undefined && { Limit: query.limit + 1 }),
    ...(query.after !== undefined && { ExclusiveStartKey: positionOf(query.after, query.index) }),
    ScanIndexForward: !query.newestFirst,
    ConsistentRead: !global && (query.consistent ?? true),
  };
}

/** A put or remove as a batch wants it. */
export function batchRequest(write: Put | Remove) {
  return 'put' in write ? { PutRequest: { Item: plainMap(write.put) } } : { DeleteRequest: { Key: keyOf(write) } };
}

/** An action as a transaction wants it. */
export function transactItem(action: Write | Check, TableName: string): TransactItem {
  if ('put' in action) return { Put: { TableName, Item: plainMap(action.put), ...conditional(action) } };
  if ('update' in action) return { Update: { TableName, ...updating(action) } };
  if ('remove' in action) return { Delete: { TableName, Key: keyOf(action), ...conditional(action) } };
  // The database asks for a condition; one that is not there it refuses itself.
  return { ConditionCheck: { TableName, Key: keyOf(action), ConditionExpression: undefined, ...conditional(action) } };
}
