// One timer for everything that waits: a due item in the table and one schedule per minute that has due work.
import { type Instant, hour, instantOf, minute, minuteOf, sortable, startOfMinute } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { DueItem } from '../../storage/items.ts';
import { dueKey } from '../../storage/patterns.ts';
import type { Message } from '../../messages.ts';
import type { Put } from '../../storage/store.ts';

export interface Due<Q extends DueItem['queue'] = DueItem['queue']> {
  account: AccountId;
  at: Instant;
  queue: Q;
  /** Makes the entry unique: the same id at the same instant is one entry. */
  id: string;
  message: Message<Q>;
  /**
   * Whoever its message comes to may set it again as it was, because of a clock that is behind: for timers of what is looked at
   * again. What is set anew while it is being sent stays (seeds 670 and 867 of 500 operations).
   */
  renewable?: boolean;
}

/**
 * The write that makes `message` arrive on `queue` at or soon after `at` (at least once). Put it into the transaction
 * of the state that waits. The minute's schedule is made first, so that a crash in between never loses the wake-up.
 * For a minute that has already begun there is no schedule: the change feed sends the item on when it is written.
 */
export async function defer<Q extends DueItem['queue']>(ports: Ports, due: Due<Q>): Promise<Put> {
  const hasBegun = startOfMinute(minuteOf(due.at)) <= ports.clock.now();
  if (!hasBegun) await ensureWakeUp(ports, due.account, due.at);
  const time = sortable(due.at);
  const item: DueItem = {
    ...dueKey(due.account, time, due.id),
    kind: 'due',
    at: time,
    queue: due.queue,
    message: JSON.stringify(due.message),
    ...(due.renewable && { token: ports.ids.ulid() }),
    ...(hasBegun && { unscheduled: true }),
  };
  return { put: item };
}

/** Nobody whose process stood still goes on after this: hours were seen (seed 17, and 413 of 500 operations). */
export const longestStandstill = 4 * hour;

/** Longer than a writer may take: what comes later comes behind the sweep (docs/adr/0006). */
const tooLate = hour;

/**
 * Clears away what `defer` made and was written just now, when the writer was held up for so long that no sweep may look
 * at its minute any more. The change feed has sent it on. To be called after a write that nothing makes fail when it is
 * late; other writes hold on to a state that has moved on by then.
 */
export async function clearIfLate(ports: Pick<Ports, 'store' | 'clock'>, { put }: Put): Promise<void> {
  const { pk, sk, at } = put as DueItem;
  if (instantOf(at) + tooLate < ports.clock.now()) await ports.store.write({ remove: { pk, sk } });
}

/** Takes back what `defer` made, when nothing waits for it any more: one that stays does no harm, it finds nothing to do. */
export function undefer(
  ports: Pick<Ports, 'store'>,
  { account, at, id }: Pick<Due, 'account' | 'at' | 'id'>,
): Promise<void> {
  return ports.store.write({ remove: dueKey(account, sortable(at), id) });
}

/** Sets a timer that no state waits for: `defer`, written by itself. */
export async function setTimer<Q extends DueItem['queue']>(ports: Ports, due: Due<Q>): Promise<void> {
  const timer = await defer(ports, { ...due, renewable: true });
  await ports.store.write(timer);
  await clearIfLate(ports, timer);
}

/**
 * The first minute that begins at `at` or later: for timers of what only comes to look again. One within a minute that has begun
 * is on its way at once, as many times as it was set; until a later minute all those of one id are one (seed 154).
 */
export const onTheMinute = (at: Instant): Instant => Math.ceil(at / minute) * minute;

/** Sees to it that `wake` is called for the minute that `at` lies in; at once when the minute has begun. */
export async function ensureWakeUp(ports: Pick<Ports, 'schedule'>, account: AccountId, at: Instant): Promise<void> {
  const name = minuteOf(at);
  await ports.schedule.once({
    name: scheduleName(account, name),
    at: startOfMinute(name),
    payload: { account, minute: name },
  });
}

/** One schedule per account and minute; only characters that EventBridge Scheduler allows in names. */
function scheduleName(account: AccountId, minute: string): string {
  return `due-${account}-${minute.replaceAll(/[-:]/g, '')}`;
}
