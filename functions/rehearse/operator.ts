// What the rehearsal itself does with the table: the seed, and the look behind the inbox.
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { marshal, unmarshal, type WireItem } from '../../shared/lambda/wire.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Key, Store, Value } from '../../shared/storage/store.ts';
import { seed } from '../local/seed.ts';
import type { CallDatabase } from './dynamodb.ts';

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
