// The store on DynamoDB.
import { randomUUID } from 'node:crypto';
import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { distinctKeys, keyOf, keyText, lastPerKey } from '../../storage/actions.ts';
import { checkQuery, isEmptyRange } from '../../storage/range.ts';
import type { Consumed, Key, Page, Query, Store, Write } from '../../storage/store.ts';
import { tokenOf } from '../../storage/token.ts';
import { type Attributes, plainKey, plainMap } from '../../storage/values.ts';
import { inBatches } from './store-batches.ts';
import { conditional, updating } from './store-expressions.ts';
import { translated } from './store-failures.ts';
import { type BatchRequest, batchRequest, queryInput, transactItem } from './store-requests.ts';

export interface AwsStoreOptions {
  client: DynamoDBClient;
  tableName: string;
  /** Called once per call that succeeded, with the units that the database says it has consumed. */
  meter?: (consumed: Consumed) => void;
}

type KeyParts = ReturnType<typeof plainKey>;

/** The store on a table of DynamoDB. Retries of throttled and unanswered calls are the client's own. */
export function createAwsStore({ client, tableName: TableName, meter }: AwsStoreOptions): Store {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const counted = meter ? { ReturnConsumedCapacity: 'INDEXES' as const } : {};
  const asked = { TableName, ...counted };

  function report(
    call: keyof Store,
    kind: 'read' | 'write',
    capacities: readonly (ConsumedCapacity | undefined)[],
  ): void {
    const units = capacities.reduce((sum, capacity) => sum + (capacity?.CapacityUnits ?? 0), 0);
    meter?.({ call, read: 0, write: 0, [kind]: units });
  }

  async function getBatch(keys: KeyParts[], consistent: boolean, spent: ConsumedCapacity[]) {
    const request = { [TableName]: { Keys: keys, ConsistentRead: consistent } };
    const result = await documents.send(new BatchGetCommand({ RequestItems: request, ...counted }));
    spent.push(...(result.ConsumedCapacity ?? []));
    const left = (result.UnprocessedKeys?.[TableName]?.Keys ?? []) as KeyParts[];
    return { done: result.Responses?.[TableName] ?? [], left };
  }

  async function writeBatch(requests: BatchRequest[], spent: ConsumedCapacity[]) {
    const result = await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests }, ...counted }));
    spent.push(...(result.ConsumedCapacity ?? []));
    return { done: [], left: (result.UnprocessedItems?.[TableName] ?? []) as BatchRequest[] };
  }

  function send(write: Write): Promise<{ ConsumedCapacity?: ConsumedCapacity | undefined }> {
    if ('put' in write) {
      return documents.send(new PutCommand({ ...asked, Item: plainMap(write.put), ...conditional(write) }));
    }
    if ('update' in write) return documents.send(new UpdateCommand({ ...asked, ...updating(write) }));
    return documents.send(new DeleteCommand({ ...asked, Key: keyOf(write), ...conditional(write) }));
  }

  return {
    async get<T>(key: Key<T>, { consistent = true }: { consistent?: boolean } = {}) {
      const command = new GetCommand({ ...asked, Key: plainKey(key), ConsistentRead: consistent });
      const { Item, ConsumedCapacity } = await documents.send(command);
      report('get', 'read', [ConsumedCapacity]);
      return Item as T | undefined;
    },

    async getMany<T>(keys: readonly Key<T>[], { consistent = true }: { consistent?: boolean } = {}) {
      if (keys.length === 0) return [];
      const spent: ConsumedCapacity[] = [];
      const items = await inBatches(distinctKeys(keys), 100, (batch) => getBatch(batch, consistent, spent));
      report('getMany', 'read', spent);
      const found = new Map(items.map((item) => [keyText(item as KeyParts), item as T]));
      return keys.map((key) => found.get(keyText(plainKey(key))));
    },

    async query<T>(query: Query<T>): Promise<Page<T>> {
      checkQuery(query);
      if (isEmptyRange(query)) return { items: [] };
      const result = await documents.send(new QueryCommand({ ...asked, ...queryInput(query) }));
      report('query', 'read', [result.ConsumedCapacity]);
      const items: Attributes[] = result.Items ?? [];
      const shown = items.slice(0, query.limit);
      const next = shown.length < items.length ? shown.at(-1) : result.LastEvaluatedKey;
      return { items: shown as T[], ...(next && { next: tokenOf(next, query.index) }) };
    },

    async write(write) {
      const { ConsumedCapacity } = await translated(() => send(write));
      report('write', 'write', [ConsumedCapacity]);
    },

    async writeMany(writes) {
      if (writes.length === 0) return;
      const spent: ConsumedCapacity[] = [];
      await inBatches(lastPerKey(writes).map(batchRequest), 25, (batch) => writeBatch(batch, spent));
      report('writeMany', 'write', spent);
    },

    async transact(actions) {
      const TransactItems = actions.map((action) => transactItem(action, TableName));
      // The token makes the client's own retries of a transaction that went through without effect.
      const command = new TransactWriteCommand({ TransactItems, ClientRequestToken: randomUUID(), ...counted });
      const { ConsumedCapacity } = await translated(() => documents.send(command));
      report('transact', 'write', ConsumedCapacity ?? []);
    },
  };
}
