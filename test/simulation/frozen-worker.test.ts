import { expect, test } from 'vitest';
import { functions } from '../../functions/local/functions.ts';
import { createWorld } from '../../functions/local/world.ts';
import { segmentsWork } from '../../functions/segments/work.ts';
import { createAccount } from '../../shared/domain/account/index.ts';
import { eventItem } from '../../shared/domain/events/index.ts';
import { createProfile } from '../../shared/domain/identity/index.ts';
import { createSegment, removeSegment, updateSegment } from '../../shared/domain/segments/store.ts';
import type { Definition } from '../../shared/domain/segments/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { hour, minute, second, sortable } from '../../shared/kernel/time.ts';
import { segmentMemberKey, stateKey } from '../../shared/storage/patterns.ts';
import type { Store } from '../../shared/storage/store.ts';

const account = accountId('acc001');

const did = (metric_id: string): Definition => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-metric',
          metric_id,
          measurement: 'count',
          measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: 1 },
          timeframe_filter: { type: 'date', operator: 'alltime' },
          metric_filters: null,
        },
      ],
    },
  ],
});

/** A store whose transactions wait until `thaw` is called; after the first that takes effect nothing works any more. */
function freezing(store: Store): { frozen: Store; stands: Promise<unknown>; thaw: () => void } {
  const [cold, warm] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let dead = false;
  const frozen = new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...given: unknown[]) => {
        if (dead) throw new Error('The worker is gone.');
        if (name !== 'transact') return Reflect.apply(method, target, given) as unknown;
        cold.resolve(undefined);
        await warm.promise;
        await (Reflect.apply(method, target, given) as Promise<void>);
        dead = true;
      };
    },
  });
  return {
    frozen,
    stands: cold.promise,
    thaw: () => {
      warm.resolve(undefined);
    },
  };
}

test.each([
  ['edited', minute],
  ['edited', 3 * hour],
  ['removed', minute],
] as const)(
  'a worker that stood still while the segment was %s, writes %i ms later what it found before, and dies, is put right',
  async (way, stoodStill) => {
    const world = createWorld({ functions, start: Date.UTC(2026, 0, 10) });
    const { ports } = world;
    await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
    const { id: segment } = await createSegment(ports, account, {
      name: 'S',
      definition: did('Order1'),
      starred: false,
    });
    const { id } = await createProfile(ports, account, { identifiers: { email: 'p@example.com' }, attributes: {} });
    await world.advance(20 * second);
    const at = ports.clock.now();
    await ports.store.write({
      put: eventItem(ports, account, id, 'Order1', { time: at, unique_id: '1', properties: {} }),
    });
    const { frozen, stands, thaw } = freezing(ports.store);
    const told = { type: 'profile' as const, account, profile: id, lists: [], properties: false, consent: false };
    const body = { ...told, metrics: ['Order1'], newest: sortable(at) };
    const work = segmentsWork({ ...ports, store: frozen })([{ id: 'm', body }]).catch(() => undefined);
    await stands;
    if (way === 'edited') await updateSegment(ports, account, segment, { definition: did('Order2') });
    else await removeSegment(ports, account, segment);
    await world.advance(stoodStill);
    const member = () => ports.store.get(segmentMemberKey(account, id, segment));
    expect(await member()).toBeUndefined();
    thaw();
    await work;
    expect(await member()).toBeDefined();
    await world.advance(10 * second);
    expect(await member()).toBeUndefined();
    expect((await ports.store.get(stateKey(account, id)))?.segments).toEqual([]);
  },
);
