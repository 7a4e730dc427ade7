// Rate limits (behaviour 10.4): fixed windows of a second, a minute and a day, for each account.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../shared/kernel/errors.ts';
import { tiers } from '../../shared/jsonapi/operation.ts';
import { dearParts, rateLimiter } from '../../shared/jsonapi/rates.ts';

const day = 86_400_000;

function limiter(at = 0) {
  const clock = { now: at };
  const spend = rateLimiter(() => clock.now);
  const take = (account: string, charges: Parameters<typeof spend>[1]) => {
    try {
      return spend(account, charges);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, ...error.faults[0].meta };
    }
  };
  return { clock, take };
}

describe('rate limits', () => {
  it('tell of the minute: what it takes, what is left, when the next one begins', () => {
    const { clock, take } = limiter(15_000);
    const get = [['get', tiers.L]] as const;
    expect(take('a', get)).toEqual({ 'ratelimit-limit': '750', 'ratelimit-remaining': '749', 'ratelimit-reset': '45' });
    clock.now += 500;
    expect(take('a', get)).toMatchObject({ 'ratelimit-remaining': '748', 'ratelimit-reset': '45' });
    clock.now = 60_000;
    expect(take('a', get)).toMatchObject({ 'ratelimit-remaining': '749', 'ratelimit-reset': '60' });
  });

  it('refuse what a second, a minute or a day has no room for until the next begins, and count no refusal', () => {
    const { clock, take } = limiter();
    const tier = { burst: '2/s', steady: '3/m', daily: '4/d' };
    const call = () => take('a', [['make', tier]]);
    const passed = (answer: object) => !('status' in answer);
    expect([call(), call()].every(passed)).toBe(true);
    expect(call()).toEqual({ status: 429, retry_after: 1 });
    clock.now = 1000;
    expect(passed(call())).toBe(true);
    expect(call()).toEqual({ status: 429, retry_after: 59 });
    clock.now = 60_000;
    expect(passed(call())).toBe(true);
    expect(call()).toEqual({ status: 429, retry_after: 86_340 });
    clock.now = day;
    expect(passed(call())).toBe(true);
  });

  it('are those of one account and one operation', () => {
    const { take } = limiter();
    const once = { burst: '1/s', steady: '15/m' };
    for (const [account, name] of [
      ['a', 'get'],
      ['b', 'get'],
      ['a', 'make'],
    ] as const)
      // prettier-ignore
      expect(take(account, [[name, once]])).not.toHaveProperty('status');
    expect(take('a', [['get', once]])).toMatchObject({ status: 429 });
  });

  it('of what a query asks for beside are spent across operations', () => {
    const dear = { lists: tiers.XS, profile_count: tiers.XS };
    const { take } = limiter();
    const asking = dearParts({ include: new Set(['lists', 'tags']), additional: new Set() }, dear);
    expect(asking).toEqual([['lists', tiers.XS]]);
    expect(take('a', asking)).not.toHaveProperty('status');
    expect(take('a', asking)).toMatchObject({ status: 429 });
    expect(dearParts({ include: new Set(), additional: new Set() }, dear)).toEqual([]);
  });

  it('never let more through than they say, and never refuse less, whatever the times of the calls', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, (waits) => {
        const { clock, take } = limiter();
        const seconds = new Map<number, number>();
        const minutes = new Map<number, number>();
        for (const wait of waits) {
          clock.now += wait;
          const [s, m] = [Math.floor(clock.now / 1000), Math.floor(clock.now / 60_000)];
          const isRoom = (seconds.get(s) ?? 0) < 3 && (minutes.get(m) ?? 0) < 60;
          expect('status' in take('a', [['get', tiers.S]])).toBe(!isRoom);
          if (!isRoom) continue;
          seconds.set(s, (seconds.get(s) ?? 0) + 1);
          minutes.set(m, (minutes.get(m) ?? 0) + 1);
        }
      }),
    );
  });
});
