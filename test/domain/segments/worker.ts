// The worker of the queue `segments` by itself, on the memory store, with a meter.
import { segmentsWork } from '../../../functions/segments/work.ts';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { eventItem } from '../../../shared/domain/events/index.ts';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import { type BuiltCondition, type Definition, type Look, lookAt } from '../../../shared/domain/segments/index.ts';
import { createSegment } from '../../../shared/domain/segments/store.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import type { Message } from '../../../shared/messages.ts';
import { everyShard, segmentMemberKey, stateKey } from '../../../shared/storage/patterns.ts';

export const account = accountId('acc001');
export const start = Date.UTC(2026, 0, 10);

/** A definition that holds where all of these do. */
export const all = (...conditions: BuiltCondition[]): Definition => ({
  condition_groups: conditions.map((condition) => ({ conditions: [condition] })),
});

export function setting() {
  const spent = { read: 0, write: 0 };
  const world = memoryPorts({
    start,
    meter: ({ read, write }) => {
      spent.read += read;
      spent.write += write;
    },
  });
  const { ports } = world;
  const owner = createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const work = segmentsWork(ports);
  let sent = 0;
  const deliver = (...bodies: Message<'segments'>[]) => work(bodies.map((body) => ({ id: `m${(sent += 1)}`, body })));
  const look = (profile: string, rest: Partial<Look>): Look => lookAt(account, profile, rest);
  return {
    ...world,
    spent,
    deliver,
    look,
    person: async (name: string) => {
      await owner;
      const identifiers = { email: `${name}@example.com` };
      const { id } = await createProfile(ports, account, { identifiers, attributes: {}, properties: {} });
      return id;
    },
    event: async (profile: string, metric: string, time: number, unique_id = String(time), value = 0) => {
      const item = eventItem(ports, account, profile, metric, { time, unique_id, value, properties: { a: 1 } });
      await ports.store.writeMany([{ put: item }]);
    },
    segment: (definition: Definition) => createSegment(ports, account, { name: 'Some', definition, starred: false }),
    /** Builds an edition of a segment: its members before, and whom its driver names. */
    build: async (segment: string, version: number) => {
      await deliver({ type: 'build', account, segment, version });
      for (let shard = 0; shard < 3 * everyShard.length; shard += 1)
        await deliver({ type: 'build-shard', account, segment, version, shard });
    },
    state: (profile: string) => ports.store.get(stateKey(account, profile)),
    member: (profile: string, segment: string) => ports.store.get(segmentMemberKey(account, profile, segment)),
  };
}
