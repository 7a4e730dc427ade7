import fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type Recipient,
  allocateCode,
  couponOperations,
  couponCodeOperations,
  watchStock,
} from '../../../shared/domain/coupons/index.ts';
import { day, minute } from '../../../shared/kernel/time.ts';
import type { CouponCodeItem, CouponGrantItem, CouponStockItem, EventItem } from '../../../shared/storage/items.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { ConditionFailed, type Store, TransactionRefused } from '../../../shared/storage/store.ts';
import { heldCalls } from '../../support/held-calls.ts';
import { type Setting, setting } from '../setting.ts';

const coupon = 'SALE';
const people = 50;

async function shop(codes: number, expires_at?: string, monitor_configuration?: object): Promise<Setting> {
  const s = await setting([...couponOperations, ...couponCodeOperations]);
  await s.call('POST', '/api/coupons', {
    data: { type: 'coupon', attributes: { external_id: coupon, monitor_configuration } },
  });
  for (let n = 0; n < people; n += 1) {
    const key = profileKey(s.account, recipient(n).profile);
    await s.store.write({ put: { ...key, kind: 'profile' } });
  }
  for (let i = 0; i < codes; i += 1) {
    const relationships = { coupon: { data: { type: 'coupon', id: coupon } } };
    const attributes = { unique_code: `code-${i}`, ...(expires_at !== undefined && { expires_at }) };
    await s.call('POST', '/api/coupon-codes', { data: { type: 'coupon-code', attributes, relationships } });
  }
  return s;
}

const recipient = (n: number): Recipient => ({ coupon, profile: `person ${n}`, message: `message ${n}` });
const found = <T>(s: Setting, kind: string) => s.store.dump().filter((item) => item.kind === kind) as unknown as T[];

/** Every code is with one person at most, and codes, grants and pool tell the same. */
function expectConsistent(s: Setting, codes: number): void {
  const grants = found<CouponGrantItem>(s, 'coupon-grant');
  const all = found<CouponCodeItem>(s, 'coupon-code');
  expect(new Set(grants.map(({ id }) => id)).size).toBe(grants.length);
  const given = all.filter(({ status }) => status === 'ASSIGNED_TO_PROFILE');
  expect(given.map(({ id, message }) => [id, message]).sort()).toEqual(
    grants.map(({ id, message }) => [id, message]).sort(),
  );
  expect(found(s, 'coupon-pool')).toHaveLength(codes - given.length);
  // Each is one event of its person.
  const events = found<EventItem>(s, 'event');
  expect(events.map(({ profile, unique_id }) => `${unique_id} ${profile}`).sort()).toEqual(
    given.map(({ id, profile }) => `${id} ${profile ?? ''}`).sort(),
  );
}

describe('a code', () => {
  it('is given to one of fifty who ask at once, and each message keeps its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 40, max: 60 }), fc.infiniteStream(fc.nat(5)), async (codes, waits) => {
        const s = await shop(codes);
        const turn = async () => {
          for (let left = Number(waits.next().value); left > 0; left -= 1) await setImmediate();
        };
        const ports = { ...s.ports, store: heldCalls(s.ports.store, turn) };
        // Everybody comes twice, as messages do.
        const everybody = Array.from({ length: 50 }, (_, n) => recipient(n));
        const answers = await Promise.all(
          [...everybody, ...everybody].map((one) => allocateCode(ports, s.account, one)),
        );
        expectConsistent(s, codes);
        const given = answers.filter((one) => 'code' in one);
        expect(new Set(given.map(({ code }) => code)).size).toBe(Math.min(50, codes));
        const again = await Promise.all(everybody.map((one) => allocateCode(s.ports, s.account, one)));
        expect(again.filter((one) => 'code' in one)).toHaveLength(Math.min(50, codes));
        for (const [n, one] of again.entries())
          if ('code' in one && 'code' in (answers[n] ?? {})) expect(answers[n]).toEqual(one);
      }),
      { numRuns: 10 },
    );
  });

  it('goes to the same message again, wherever the one before stopped', async () => {
    for (const when of ['before', 'after'] as const)
      for (let stop = 0; ; stop += 1) {
        const s = await shop(3);
        const broken = { ...s.ports, store: stopsAt(s.ports.store, stop, when) };
        const first = await allocateCode(broken, s.account, recipient(1)).catch(() => undefined);
        const second = await allocateCode(s.ports, s.account, recipient(1));
        expect(second).toHaveProperty('code');
        expectConsistent(s, 3);
        expect(found(s, 'coupon-grant')).toHaveLength(1);
        if (first !== undefined) {
          expect(first).toEqual(second);
          break;
        }
      }
  });

  it('is not given when it has expired, and no message goes without one', async () => {
    const s = await shop(2, '2026-01-03T00:00:00Z');
    expect(await allocateCode(s.ports, s.account, recipient(1))).toHaveProperty('code');
    s.clock.advance(3 * day);
    expect(await allocateCode(s.ports, s.account, recipient(2))).toEqual({
      skipped: 'No More Uploaded Coupons Remain',
    });
    expect(await allocateCode(s.ports, s.account, { ...recipient(2), coupon: 'NONE' })).toEqual({
      skipped: "Coupon Code Doesn't Exist",
    });
    const without = await shop(0);
    expect(await allocateCode(without.ports, without.account, recipient(1))).toEqual({
      skipped: 'Coupon Category Unavailable',
    });
  });

  it('that others take each time is tried for again, for ten minutes', async () => {
    const s = await shop(2);
    // Whoever wins comes between the look at the pool and the claim.
    const claims = (action: object) => 'put' in action && (action.put as { kind: string }).kind === 'coupon-grant';
    const transact: Store['transact'] = (actions) =>
      actions.some(claims) ? Promise.reject(new TransactionRefused([])) : s.ports.store.transact(actions);
    const crowded = { ...s.ports, store: { ...s.ports.store, transact } };
    const asked = s.clock.now();
    const ask = () => allocateCode(crowded, s.account, { ...recipient(1), asked });
    await expect(ask()).rejects.toThrow('taken by others');
    s.clock.advance(10 * minute);
    expect(await ask()).toEqual({ skipped: 'Unable to Create Coupon' });
    expect(await allocateCode(s.ports, s.account, { ...recipient(1), asked })).toHaveProperty('code');
  });
});

it('is not given to somebody who is gone', async () => {
  const s = await shop(1);
  const gone = { ...recipient(0), profile: 'gone' };
  await expect(allocateCode(s.ports, s.account, gone)).rejects.toThrow(ConditionFailed);
  expectConsistent(s, 1);
  expect(found(s, 'coupon-grant')).toEqual([]);
});

it('a coupon is low once no more codes are left than its monitor says', async () => {
  const s = await shop(4, undefined, { low_balance_threshold: 2 });
  const low = async () => {
    await watchStock(s.ports, s.account, coupon);
    return found<CouponStockItem>(s, 'coupon-stock').map((stock) => [stock.low, stock.left]);
  };
  await allocateCode(s.ports, s.account, recipient(1));
  expect(await low()).toEqual([[false, 3]]);
  await allocateCode(s.ports, s.account, recipient(2));
  expect(await low()).toEqual([[true, 2]]);
});

/** The store that fails at its n-th call, before or after it took effect. */
function stopsAt(store: Store, n: number, when: 'before' | 'after'): Store {
  let calls = 0;
  const turn = async <R>(call: () => Promise<R>): Promise<R> => {
    const stops = calls === n;
    calls += 1;
    if (stops && when === 'before') throw new Error('stopped');
    const answer = await call();
    if (stops) throw new Error('stopped');
    return answer;
  };
  return {
    get: (key, options) => turn(() => store.get(key, options)),
    getMany: (keys, options) => turn(() => store.getMany(keys, options)),
    query: (query) => turn(() => store.query(query)),
    write: (write) => turn(() => store.write(write)),
    writeMany: (writes) => turn(() => store.writeMany(writes)),
    transact: (actions) => turn(() => store.transact(actions)),
  };
}
