// Rate limits as callers of the API know them: fixed windows of a second, a minute and a day, for each account.
import { refuse } from '../kernel/errors.ts';
import { type Instant, day, minute, second } from '../kernel/time.ts';
import type { ParsedQuery, Tier } from './operation.ts';

/** What is spent by name, an operation's id or what its query asks for beside it, and the limit of it. */
export type Charge = readonly [name: string, tier: Tier];

interface Window {
  began: Instant;
  spent: number;
}

const lengths = { burst: second, steady: minute, daily: day } as const;
type Span = keyof typeof lengths;
const spans = Object.keys(lengths) as Span[];

/** Windows that a process keeps; beyond that all of them begin anew. */
const mostWindows = 10_000;

/**
 * Counts the calls of accounts, in this process alone: of many processes each grants the whole limit. A charge that one
 * window has no room for is refused with 429 and spends nothing; otherwise it answers the headers that describe the
 * minute of the first charge (behaviour 10.4).
 */
export function rateLimiter(now: () => Instant) {
  const windows = new Map<string, Window>();

  function windowOf(account: string, name: string, span: Span): Window {
    const key = `${account} ${name} ${span}`;
    const began = Math.floor(now() / lengths[span]) * lengths[span];
    const known = windows.get(key);
    if (known?.began === began) return known;
    if (windows.size >= mostWindows) windows.clear();
    const fresh = { began, spent: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  const left = (window: Window, span: Span) => Math.ceil((window.began + lengths[span] - now()) / second);

  return (account: string, charges: readonly Charge[]): Record<string, string> => {
    const taken: Window[] = [];
    for (const [name, tier] of charges) {
      for (const span of spans) {
        const limit = limitOf(tier, span);
        if (limit === undefined) continue;
        const window = windowOf(account, name, span);
        if (window.spent >= limit) throw tooMany(limit, span, left(window, span));
        taken.push(window);
      }
    }
    for (const window of taken) window.spent += 1;
    const [first] = charges;
    if (first === undefined) return {};
    const [name, tier] = first;
    const window = windowOf(account, name, 'steady');
    const limit = limitOf(tier, 'steady') ?? 0;
    return {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(limit - window.spent),
      'ratelimit-reset': String(left(window, 'steady')),
    };
  };
}

function limitOf(tier: Tier, span: Span): number | undefined {
  const limit = tier[span];
  return limit === undefined ? undefined : Number.parseInt(limit, 10);
}

const words: Record<Span, string> = { burst: 'second', steady: 'minute', daily: 'day' };

function tooMany(limit: number, span: Span, seconds: number) {
  const detail = `This operation takes ${limit} calls a ${words[span]}. Expected available in ${seconds} seconds.`;
  return refuse('throttled', detail, undefined, { retry_after: seconds });
}

/** What a query asks for that has a limit of its own, whatever the operation: `additional-fields` and `include`. */
export function dearParts(
  { additional, include }: Pick<ParsedQuery, 'additional' | 'include'>,
  dear: Readonly<Record<string, Tier>>,
): Charge[] {
  return Object.entries(dear).filter(([name]) => additional.has(name) || include.has(name));
}
