// What is counted of a stretch of time, and what whoever asks has to count.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, day, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { TallyItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { tallied, talliesOfDays, tallyKey, untalliedQuarters } from '../../storage/patterns.ts';
import { type Group, unpacked } from './details.ts';
import type { Stretch } from './feed.ts';
import { dayOfQuarter, quarter, quarterOf, startOfEntry } from './quarters.ts';
import type { Sum } from './sums.ts';

/** The sum of a quarter that is counted. */
export interface Tallied extends Sum {
  at: Instant;
  /** What its events said and whose they were is kept too. */
  isDetailed: boolean;
}

/** What is counted of a range, and the stretches of it that are not. */
export interface Counts {
  quarters: Tallied[];
  /** The tallies that the quarters stand in, in order. */
  days: TallyItem[];
  open: Stretch[];
}

/** Stretches that are counted one by one; more of them are counted as one, with all that lies between. */
const mostStretches = 50;

/**
 * The quarters of the range that are counted (`detailed`: with their details), and the stretches of it that are not: parts of
 * quarters at its ends, what is marked, and the last minute, of which marks may be on their way.
 */
export async function talliedOf(
  ports: Ports,
  account: AccountId,
  metric: string,
  { range, detailed }: { range: Stretch; detailed: boolean },
): Promise<Counts> {
  const [first, last] = [quarterOf(range.from), quarterOf(range.to - 1)];
  // Marks before counts: what is counted in between is counted twice over, by us and there, and never missed.
  const marks = await everything(ports.store, untalliedQuarters(account, metric, sortable(first), sortable(last)));
  const now = ports.clock.now();
  const days = await everything(ports.store, talliesOfDays(account, metric, dayOfQuarter(first), dayOfQuarter(last)));
  const all = days.flatMap(entriesIn).filter(({ at }) => at >= first && at <= last);
  const starts = new Set([
    ...marks.map((mark) => instantOf(tallied(mark))),
    ...all.flatMap(({ at, isDetailed }) => (detailed && !isDetailed ? [at] : [])),
    ...[now - minute, now].map(quarterOf),
    ...(range.from > first ? [first] : []),
    ...(range.to < last + quarter ? [last] : []),
  ]);
  const open = stretchesOf([...starts].filter((start) => start >= first && start <= last).sort((a, b) => a - b));
  const isOpen = (at: Instant) => open.some(({ from, to }) => at >= from && at < to);
  return {
    quarters: all.filter(({ at }) => !isOpen(at)),
    days,
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

function entriesIn(item: TallyItem): Tallied[] {
  return Object.entries(item).flatMap(([name, text]: [string, unknown]) => {
    if (!/^q\d+$/.test(name) || typeof text !== 'string') return [];
    const [count, sum, lost, more] = JSON.parse(text) as [number, number, number, number?];
    const isDetailed = more === 1 && item.file !== undefined;
    return [{ at: startOfEntry(tallied(item), name), count, sum, lost, isDetailed }];
  });
}

/** A group of a quarter. */
export interface Detail extends Group {
  at: Instant;
}

/** Files that are on their way at a time. */
const ahead = 8;
/** A file that is gone was replaced: its day is looked at again, so many times. */
const looks = 10;

/** The groups of the counted quarters, a day at a time and in order; with the end of the day. */
export async function* detailsOf(
  ports: Ports,
  account: AccountId,
  metric: string,
  { quarters, days }: Counts,
): AsyncGenerator<{ until: Instant; details: Detail[] }> {
  const wanted = Map.groupBy(quarters, ({ at }) => dayOfQuarter(at));
  const asked = days.filter((item) => wanted.has(tallied(item)));
  const load = (item: TallyItem) => {
    const text = fileOf(ports, account, metric, item);
    // Whoever comes to it hears of a failure.
    text.catch(() => undefined);
    return text;
  };
  const coming = asked.slice(0, ahead).map(load);
  for (const [i, item] of asked.entries()) {
    const details = unpacked(await (coming[i] ?? load(item)));
    const next = asked[i + ahead];
    if (next) coming.push(load(next));
    const name = tallied(item);
    const starts = new Set(wanted.get(name)?.map(({ at }) => at));
    const all = [...details].flatMap(([entry, groups]) => {
      const at = startOfEntry(name, entry);
      return starts.has(at) ? groups.map((group) => ({ ...group, at })) : [];
    });
    yield { until: startOfEntry(name, 'q0') + day, details: all };
  }
}

async function fileOf(ports: Ports, account: AccountId, metric: string, item: TallyItem): Promise<string> {
  let { file } = item;
  for (let look = 0; look < looks && file !== undefined; look += 1) {
    const text = await ports.files.get(file);
    if (text !== undefined) return text;
    file = (await ports.store.get(tallyKey(account, metric, tallied(item))))?.file;
  }
  throw new Error(`The file of ${metric} on ${tallied(item)} is not there.`);
}
