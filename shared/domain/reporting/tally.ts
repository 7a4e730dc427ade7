// Counts that are kept: a quarter of an hour is marked when something of it comes or goes, and counted anew a while later.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, minute, second, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { UntalliedItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { tallied, untalliedKey, untalliedQuarters } from '../../storage/patterns.ts';
import { indexLagSeconds } from '../../storage/table.ts';
import { type Due, clearIfLate, defer, onTheMinute, setTimer } from '../timers/index.ts';
import { countDay, clearOld } from './count-day.ts';
import { dayOfQuarter, lastQuarterOf, quarter } from './quarters.ts';

/** A quarter of a metric, named by when it begins, `sortable`. */
export interface Quarter {
  metric: string;
  quarter: string;
}

const dayOf = ({ quarter: of }: Quarter): string => dayOfQuarter(instantOf(of));

/** Writers of one quarter, and counters of one day, that get in each other's way. */
const rounds = 30;
const lag = indexLagSeconds * second;
/** How far the clocks of two hosts may be apart: by then whoever remembers a quarter as open has seen it close. */
const apart = 30 * second;

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
  message: message(account, of),
  renewable: true,
});

const message = (account: AccountId, of: Quarter): Message<'tallies'> => ({ type: 'tally', account, ...of });

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
 * Counts the marked quarters of a day anew whose time has come, first the one that was asked for, and takes their marks away,
 * unless something came meanwhile. Waits for quarters that are open, until the index has learned of what a mark stands for, and
 * while somebody else counts the day: the whole day until one instant, however often it was told. Safe to repeat.
 */
export async function tally(ports: Ports, account: AccountId, of: Quarter): Promise<void> {
  const { metric, quarter: asked } = of;
  const day = dayOf(of);
  await untilWon(async () => {
    const range = [`${day}T00:00:00.000Z`, sortable(lastQuarterOf(day))] as const;
    const marks = await everything(ports.store, untalliedQuarters(account, metric, ...range));
    const now = ports.clock.now();
    const isAsked = (mark: UntalliedItem) => tallied(mark) === asked;
    const isRipe = (mark: UntalliedItem) => now >= ripeFrom(mark, now);
    const ripe = marks.filter(isRipe).sort((one, other) => Number(isAsked(other)) - Number(isAsked(one)));
    if (ripe.length > 0) {
      const { leased, left } = await countDay(ports, account, { metric, day }, ripe);
      if (leased !== undefined) return comeAgain(ports, account, of, leased);
      if (left) await ports.queue.send('tallies', [{ body: message(account, { metric, quarter: tallied(left) }) }]);
    }
    // All others have a timer of their own ahead of them: not the one that was asked for, whose timer this may be, which
    // comes early where the clock of this host is behind that of who set it (seed 55).
    const waiting = marks.filter((mark) => !isRipe(mark) && (isAsked(mark) || ownTimer(mark) <= now));
    if (waiting.length > 0) {
      await comeAgain(ports, account, of, Math.min(...waiting.map((mark) => ripeFrom(mark, now))));
    }
    await clean(ports, account, of);
  }, rounds);
}

async function clean(ports: Ports, account: AccountId, of: Quarter): Promise<void> {
  const again = await clearOld(ports, account, { metric: of.metric, day: dayOf(of) });
  if (again !== undefined) await comeAgain(ports, account, of, again);
}

/** One timer for all of a day that waits until the same minute. */
const comeAgain = (ports: Ports, account: AccountId, of: Quarter, at: Instant): Promise<void> =>
  setTimer(ports, {
    account,
    at: onTheMinute(at),
    queue: 'tallies',
    id: `tally ${of.metric} ${dayOf(of)}`,
    message: message(account, of),
  });

const ownTimer = (mark: UntalliedItem): Instant => whenToTally(instantOf(tallied(mark)), instantOf(mark.at));

/** From when on a mark may be counted: later than now if it may not yet. Also a mark made before its quarter waits while that is open. */
function ripeFrom(mark: UntalliedItem, now: Instant): Instant {
  const start = instantOf(tallied(mark));
  const closed = start + quarter + apart;
  const known = instantOf(mark.at) + lag;
  return now >= start && now < closed ? Math.max(closed, known) : known;
}
