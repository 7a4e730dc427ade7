// A push token belongs to one person, whatever happens at once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fileSuppressions, mergeProfiles, absorb, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { type Device, registerPushToken, removePushToken } from '../../../shared/domain/identity/register-token.ts';
import { tokensOf } from '../../../shared/domain/identity/push-token.ts';
import type { PushTokenClaimItem, PushTokenItem } from '../../../shared/storage/items.ts';
import { pushTokenClaimKey } from '../../../shared/storage/patterns.ts';
import { type Setting, known, setting } from '../setting.ts';

const device = (token: string): Device => ({
  token,
  platform: 'ios',
  vendor: 'apns',
  enablement_status: 'AUTHORIZED',
  background: 'AVAILABLE',
});

const register = ({ ports, account }: Setting, token: string, name: string) =>
  registerPushToken(ports, account, device(token), { profile: known({ external_id: name }), rule: 'leave' });

/** Every token has one item, in the partition of the profile that has the claim on it, and no claim stands alone. */
function expectOneOwner({ store, account }: Setting): void {
  const items = store.dump();
  const tokens = items.filter((item) => item.kind === 'push-token') as PushTokenItem[];
  const claims = items.filter((item) => item.kind === 'push-token-claim') as PushTokenClaimItem[];
  const owners = tokens.map(({ token, profile }) => [pushTokenClaimKey(account, token).pk, profile]);
  expect(owners.sort()).toEqual(claims.map(({ pk, profile }) => [pk, profile]).sort());
  expect(new Set(claims.map(({ pk }) => pk)).size).toBe(claims.length);
}

it('registered, removed and merged at once, every token ends with one person', async () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const token = fc.constantFrom('t1', 't2');
  const step = fc.oneof(
    fc.record({ do: fc.constant('register' as const), token, name }),
    fc.record({ do: fc.constant('remove' as const), token, name }),
    fc.record({ do: fc.constant('merge' as const), token, name }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const world = await setting();
      const { ports, account } = world;
      const ids = new Map<string, string>();
      for (const one of ['a', 'b', 'c']) {
        ids.set(one, (await upsertProfile(ports, account, known({ external_id: one }))).profile.id);
      }
      const merged = new Set<string>();
      await Promise.all(
        steps.map(async (one) => {
          if (one.do === 'register') return register(world, one.token, one.name);
          if (one.do === 'remove') return removePushToken(ports, account, one.token);
          if (one.name === 'a' || merged.has(one.name)) return undefined;
          merged.add(one.name);
          const [source = '', destination = ''] = [ids.get(one.name), ids.get('a')];
          await mergeProfiles(ports, account, { source, destination });
          await absorb(ports, account, source);
          return undefined;
        }),
      );
      for (const one of merged) await absorb(ports, account, ids.get(one) ?? '');
      expectOneOwner(world);
      const gone = [...merged].map((one) => ids.get(one) ?? '');
      for (const id of gone) expect(await tokensOf(ports, account, id)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('a person has a hundred devices; one more drops the one that was told of longest ago', async () => {
  const world = await setting();
  for (let n = 0; n < 100; n += 1) {
    await register(world, `t${n}`, 'a');
    world.clock.advance(1);
  }
  await register(world, 't0', 'a');
  world.clock.advance(1);
  await register(world, 'new', 'a');
  const { profile } = await upsertProfile(world.ports, world.account, known({ external_id: 'a' }));
  const tokens = (await tokensOf(world.ports, world.account, profile.id)).map(({ token }) => token);
  expect(tokens).toHaveLength(100);
  expect(tokens).toContain('t0');
  expect(tokens).not.toContain('t1');
  expectOneOwner(world);
});

it('filing suppressions of nobody files nothing', async () => {
  const { ports, account, store } = await setting();
  const before = JSON.stringify(store.dump());
  await fileSuppressions(ports, account, '01JC0000000000000000000000');
  expect(JSON.stringify(store.dump())).toBe(before);
});
