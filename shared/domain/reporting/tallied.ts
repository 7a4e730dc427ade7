// What is counted of a stretch of time, and what whoever asks has to count.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { everything } from '../../storage/pages.ts';
import { tallied, talliesOfDays, untalliedQuarters } from '../../storage/patterns.ts';
import type { Stretch } from './feed.ts';
import { dayOfQuarter, quarter, quarterOf, startOfEntry } from './quarters.ts';
import type { Sum } from './sums.ts';

/** The sum of a quarter that is counted. */
export interface Tallied extends Sum {
  at: Instant;
}

/** Stretches that are counted one by one; more of them are counted as one, with all that lies between. */
const mostStretches = 50;

/**
 * The quarters of the range that are counted, and the stretches of it that are not: parts of quarters at its ends, what is
 * marked, and the last minute, of which marks may be on their way.
 */
export async function talliedOf(
  ports: Ports,
  account: AccountId,
  metric: string,
  range: Stretch,
): Promise<{ quarters: Tallied[]; open: Stretch[] }> {
  const [first, last] = [quarterOf(range.from), quarterOf(range.to - 1)];
  // Marks before counts: what is counted in between is counted twice over, by us and there, and never missed.
  const marks = await everything(ports.store, untalliedQuarters(account, metric, sortable(first), sortable(last)));
  const now = ports.clock.now();
  const starts = new Set([
    ...marks.map((mark) => instantOf(tallied(mark))),
    ...[now - minute, now].map(quarterOf),
    ...(range.from > first ? [first] : []),
    ...(range.to < last + quarter ? [last] : []),
  ]);
  const open = stretchesOf([...starts].filter((start) => start >= first && start <= last).sort((a, b) => a - b));
  const days = await everything(ports.store, talliesOfDays(account, metric, dayOfQuarter(first), dayOfQuarter(last)));
  const isOpen = (at: Instant) => open.some(({ from, to }) => at >= from && at < to);
  const quarters = days.flatMap(entriesIn).filter(({ at }) => at >= first && at <= last && !isOpen(at));
  return {
    quarters,
    open: open.map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) })),
  };
}

/** Quarters, in order, as stretches. */
function stretchesOf(starts: readonly Instant[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const from of starts) {
    const before = stretches.at(-1);
    if (before?.to === from) before.to = from + quarter;
    else stretches.push({ from, to: from + quarter });
  }
  const [first, last] = [stretches[0], stretches.at(-1)];
  return first && last && stretches.length > mostStretches ? [{ from: first.from, to: last.to }] : stretches;
}

function entriesIn(day: { pk: string; sk: string }): Tallied[] {
  return Object.entries(day).flatMap(([name, text]: [string, unknown]) => {
    if (!/^q\d+$/.test(name) || typeof text !== 'string') return [];
    const [count, sum, lost] = JSON.parse(text) as [number, number, number];
    return [{ at: startOfEntry(tallied(day), name), count, sum, lost }];
  });
}
