// What the rehearsal itself does with the table: the seed, the look behind the inbox, and the owner's commands.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createIds } from '../../shared/adapters/aws/ids.ts';
import { createAwsStore } from '../../shared/adapters/aws/store.ts';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { marshal, unmarshal, type WireItem } from '../../shared/lambda/wire.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Key, Store, Value } from '../../shared/storage/store.ts';
import { seed } from '../local/seed.ts';
import type { Deployment } from '../cli/commands.ts';
import type { CallDatabase } from './dynamodb.ts';
import { region } from './names.ts';

/** Makes the local account: in a store in memory, whose items are then copied into the table. */
export async function seedTable(call: CallDatabase, table: string, clock: Clock): Promise<void> {
  const memory = memoryPorts({ start: clock.now(), seed: null });
  await seed(memory.ports);
  for (const item of memory.store.dump()) {
    const Item = marshal(item as unknown as Readonly<Record<string, Value | undefined>>);
    await call('DynamoDB_20120810.PutItem', { TableName: table, Item });
  }
}

/** Reads single items of the table. */
export function readerOf(call: CallDatabase, table: string): Pick<Store, 'get'> {
  return {
    async get<T>({ pk, sk }: Key<T>) {
      const { Item } = await call('DynamoDB_20120810.GetItem', { TableName: table, Key: marshal({ pk, sk }) });
      return Item === undefined ? undefined : (unmarshal(Item as WireItem) as T);
    },
  };
}

/** What the owner's commands work on: the table through the SDK, in the operator's name; `redrive` puts dead letters back. */
export function deploymentOf(options: {
  endpoint: string;
  table: string;
  clock: Clock;
  redrive: Deployment['redrive'];
}): Deployment & { stop: () => void } {
  const { endpoint, table: tableName, clock, redrive } = options;
  const client = new DynamoDBClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'operator', secretAccessKey: 'rehearsal' },
  });
  const registry = { store: createAwsStore({ client, tableName }), clock, ids: createIds({ clock }) };
  return { registry, redrive, stop: () => client.destroy() };
}
