// Counts that are kept: a quarter of an hour is marked when something of it comes or goes, and counted anew a while later.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, minute, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { UntalliedItem } from '../../storage/items.ts';
import { tallyKey, untalliedKey } from '../../storage/patterns.ts';
import type { Write } from '../../storage/store.ts';
import { indexLagSeconds } from '../../storage/table.ts';
import { type Due, clearIfLate, defer, setTimer } from '../timers/index.ts';
import { entriesOf } from './feed.ts';
import { dayOfQuarter, entryOf, quarter } from './quarters.ts';
import { type Sum, add, nothing } from './sums.ts';

/** A quarter of a metric, named by when it begins, `sortable`. */
export interface Quarter {
  metric: string;
  quarter: string;
}

/** Writers of one quarter, and counters of one day, that get in each other's way. */
const rounds = 30;
const lag = indexLagSeconds * second;

/** What comes together is counted together; a quarter that is open at that time, when it has closed. */
function whenToTally(start: Instant, learned: Instant): Instant {
  const at = learned + minute;
  const closed = start + quarter + minute;
  return at >= start && at < closed ? closed : at;
}

const timer = (account: AccountId, of: Quarter, learned: Instant): Due<'tallies'> => ({
  account,
  at: whenToTally(instantOf(of.quarter), learned),
  queue: 'tallies',
  id: `tally ${of.metric} ${of.quarter}`,
  message: { type: 'tally', account, ...of },
});

/** Marks a quarter of which an event came or went: until it is counted anew, whoever asks counts it. Safe to repeat. */
export async function untally(ports: Ports, account: AccountId, of: Quarter): Promise<void> {
  await untilWon(async () => {
    const now = ports.clock.now();
    const mark: UntalliedItem = {
      ...untalliedKey(account, of.metric, of.quarter),
      kind: 'untallied',
      at: sortable(now),
      token: ports.ids.ulid(),
    };
    const due = await defer(ports, timer(account, of, now));
    await ports.store.transact([{ put: mark }, due]);
    await clearIfLate(ports, due);
  }, rounds);
}

/**
 * Counts a marked quarter anew and takes the mark away, unless something came meanwhile. Waits for quarters that are open,
 * and until the index has learned of what the mark stands for. Safe to repeat.
 */
export async function tally(ports: Ports, account: AccountId, of: Quarter): Promise<void> {
  await untilWon(async () => {
    const mark = await ports.store.get(untalliedKey(account, of.metric, of.quarter));
    if (mark === undefined) return;
    const [now, start] = [ports.clock.now(), instantOf(of.quarter)];
    const isOpen = now >= start && now < start + quarter + lag;
    if (isOpen || now < instantOf(mark.at) + lag) {
      return setTimer(ports, timer(account, of, now));
    }
    const counted = await count(ports, account, of, start);
    await ports.store.transact([
      entry(account, of.metric, start, counted),
      { remove: untalliedKey(account, of.metric, of.quarter), if: { equals: { token: mark.token } } },
    ]);
  }, rounds);
}

async function count(ports: Ports, account: AccountId, { metric }: Quarter, from: Instant): Promise<Sum> {
  const sum = nothing();
  for await (const entries of entriesOf(ports, account, metric, { from, to: from + quarter })) {
    for (const { value = 0 } of entries) add(sum, { count: 1, sum: value, lost: 0 });
  }
  return sum;
}

/** Numbers as text: sums may be smaller, and larger, than the database takes. */
function entry(account: AccountId, metric: string, start: Instant, { count: n, sum, lost }: Sum): Write {
  const key = tallyKey(account, metric, dayOfQuarter(start));
  const name = entryOf(start);
  return n === 0
    ? { update: key, set: { kind: 'tally' }, remove: [name] }
    : { update: key, set: { kind: 'tally', [name]: JSON.stringify([n, sum, lost]) } };
}
