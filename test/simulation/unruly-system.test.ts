// The faults themselves: a request whose caller has an answer is not worked on anew.
import { setImmediate as soon } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Functions } from '../../functions/local/world.ts';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { Ports } from '../../shared/ports.ts';
import { profileKey } from '../../shared/storage/patterns.ts';
import { moodOf } from './mood.ts';
import { unrulySystem } from './unruly-system.ts';

it('nobody is asked again for an invocation that died beside another call of it (seed 2294 of 500 operations)', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    let begun = 0;
    const create =
      ({ store }: Ports) =>
      async () => {
        begun += 1;
        await Promise.all(['a', 'b', 'c'].map((id) => store.get(profileKey(accountId('SHOP01'), id))));
      };
    const mood = {
      ...moodOf(seed),
      ...{ rates: { 'crash-after': 0.3 }, troubles: {}, around: {}, mixed: false, skew: 0 },
      happenings: { overtaken: 0.3, frozen: 0, 'timed-out': 0, 'delivered-twice': 0 },
    };
    const { functions } = unrulySystem({ api: create } as unknown as Functions, {
      ...{ seed, mood, weather: { armed: true, repeatable: true, degraded: false } },
      listener: { note: () => undefined, traced: () => undefined },
    });
    const handler = functions.api(memoryPorts().ports);
    const request = () => handler({}, {} as Parameters<typeof handler>[1]);
    await Promise.allSettled([request(), request(), request()]);
    const then = begun;
    for (let turn = 0; turn < 50; turn += 1) await soon();
    expect(begun, `seed ${seed}`).toBe(then);
  }
});
