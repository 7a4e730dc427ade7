// What became of the rows: told by the messages, read off them. When every row has its outcome the campaign is sent.
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import { type Instant, day, hour, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon, writeIfStill } from '../../storage/conflict.ts';
import type { MessageItem, RecipientItem } from '../../storage/items.ts';
import { recipientKey, recipientsOf } from '../../storage/patterns.ts';
import { isConflict, removalOf } from '../../storage/store.ts';
import { findMessage } from '../messaging/index.ts';
import { onTheMinute } from '../timers/index.ts';
import { type Sending, isCancelled, replaceCampaign } from './campaign.ts';
import {
  type Counts,
  type Outcome,
  type Tally,
  allSkippedFor,
  clearCounts,
  countsOf,
  recount,
  rowsIn,
  settle,
} from './counts.ts';
import { type Turn, later, sendReleases } from './release.ts';
import { type Stretch, underWay } from './snapshot.ts';
import { hasVariations } from './variations.ts';

type Told = Extract<Message<'campaigns'>, { type: 'outcome' }>;

/** Brings the row of a message in line with what the message says now. */
export const takeOutcome = (ports: Ports, account: AccountId, told: Told): Promise<void> =>
  takeOutcomes(ports, account, [told]);

/** Brings the rows of messages of one sending in line with what they say now, in one transaction: at most 90 of them. */
export async function takeOutcomes(ports: Ports, account: AccountId, all: readonly Told[]): Promise<void> {
  const [of] = all;
  if (!of) return;
  const each = [...new Map(all.map((told) => [told.recipient, told])).values()];
  await untilWon(async () => {
    const [found, rows] = await Promise.all([
      underWay(ports, account, of),
      ports.store.getMany(each.map(({ recipient }) => recipientKey(account, of, recipient))),
    ]);
    const settled = await Promise.all(
      each.map(async (told, at) => {
        const row = rows[at];
        if (!row) return [];
        const message = await findMessage(ports, { account, profile: told.profile, message: told.message });
        const outcome = message ? outcomeOf(message.item, !isRunning(found)) : gone(row, told.was);
        const isOther = outcome && (outcome.status !== row.status || outcome.reason !== row.reason);
        return isOther ? [{ row, outcome }] : [];
      }),
    );
    const writes = settle(account, of, settled.flat());
    if (writes.length > 0) await ports.store.transact(writes);
  });
}

const isRunning = (found: Awaited<ReturnType<typeof underWay>>) => found !== undefined && !isCancelled(found.campaign);

function outcomeOf({ status, reason }: MessageItem, cancelled: boolean): Outcome | undefined {
  if (status === 'SENT') return { status: 'sent' };
  if (status === 'UNKNOWN') return { status: 'unknown' };
  const why = reason !== undefined && { reason };
  if (status === 'FAILED') return { status: 'failed', ...why };
  if (status !== 'SKIPPED') return undefined;
  return cancelled && reason === 'Action Deleted' ? { status: 'cancelled' } : { status: 'skipped', ...why };
}

/** The message went with its person. Whether it had been handed over nobody can tell any more. */
function gone(row: RecipientItem, was: string | undefined): Outcome | undefined {
  if (row.status !== 'queued') return undefined;
  return was === 'CLAIMED' ? { status: 'unknown' } : { status: 'skipped', reason: 'Person Deleted' };
}

/** How many rows of a sending have which status; before the snapshot is taken, none. */
export async function tally(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  campaign: string,
  { run, rows = [], variations = {}, counted, finished }: Sending,
): Promise<Counts> {
  const of = { campaign, run };
  if (counted !== true) return recount(ports, account, of);
  const all = rows.reduce((sum, count) => sum + count, 0);
  const counts = await countsOf(ports, account, of, { all, variations });
  // A worker of a release that does not count may have ended it; rows that came behind the snapshot are not in its size.
  const isOff = counts.all.waiting < 0 || (finished !== undefined && isOpen(counts.all));
  return isOff ? recount(ports, account, of) : counts;
}

/** Ends the campaign when no row is without an outcome; else looks again later, ever more rarely. */
export async function finish(ports: Ports, account: AccountId, turn: Turn): Promise<void> {
  await untilWon(async () => {
    const found = await underWay(ports, account, turn);
    if (found?.campaign.status !== 'Sending') return;
    const { campaign, sending } = found;
    const now = ports.clock.now();
    const since = now - instantOf(sending.waves.at(-1) ?? '');
    const { all: counted } = await tally(ports, account, campaign.id, sending);
    // A worker of a release that does not count may have moved rows: then too many seem to be without an outcome, never too few.
    const isTold = !isOpen(counted) && sending.counted === true && sending.unsure !== true;
    const isTime = !isOpen(counted) || since > recountAfter;
    const rows = isTold || !isTime ? undefined : (await recount(ports, account, turn)).all;
    if (!isTold && (!rows || isOpen(rows))) {
      // They came behind the last wave: whoever made them was held up until then.
      if (sending.unsure === true && rows && rows.waiting > 0) await sendReleases(ports, account, turn);
      await later(ports, account, { at: onTheMinute(now + pauseAfter(since)), turn });
      return;
    }
    const mayBeInVain = hasVariations(campaign) && (counted.skipped === rowsIn(counted) || !isTold);
    const inVain = mayBeInVain && (await allSkippedFor(ports, account, turn, 'Smart Sending'));
    await replaceCampaign(ports, account, {
      ...campaign,
      // Of variations that reached nobody none is better (behaviour 6).
      status: inVain ? 'Cancelled: Smart Sending' : 'Sent',
      sending: { ...sending, finished: sortable(now), ...(isOpen(counted) && { counted: false }) },
    });
  });
}

/** Rows without an outcome; one number below zero tells of rows that moved uncounted. */
const isOpen = ({ waiting, queued }: Tally) => waiting !== 0 || queued !== 0;
const recountAfter = 20 * minute;

const pauseAfter = (since: Instant): Instant => (since < hour ? minute : since < day ? 10 * minute : hour);

/**
 * Walks the rows of a sending that is over: cancelled, its rows that still wait are settled; sent, those that came too
 * late to be of its snapshot are removed; reverted or removed, all are cleared away.
 */
export async function closeRows(ports: Ports, account: AccountId, stretch: Stretch): Promise<void> {
  const found = await underWay(ports, account, stretch);
  const isSent = isRunning(found) && found?.sending.finished !== undefined;
  if (isRunning(found) && !isSent) return;
  const { after } = stretch;
  const page = await ports.store.query({
    ...recipientsOf(account, stretch, stretch.shard),
    limit: 90,
    ...(after !== undefined && { after }),
  });
  const waiting = page.items.filter(({ status }) => status === 'waiting');
  if (isSent) await removeRows(ports, waiting);
  else if (found) await cancelRows(ports, account, stretch, waiting);
  else {
    await ports.store.writeMany(page.items.map(removalOf));
    if (page.next === undefined) await clearCounts(ports, account, stretch);
  }
  if (page.next === undefined) return;
  await ports.queue.send('campaigns', [{ body: { ...stretch, after: page.next } }]);
}

/** Nobody released them, and nobody will: only a campaign that is being sent releases rows. */
const removeRows = (ports: Ports, rows: readonly RecipientItem[]) =>
  inParallel(rows, 8, (row) => writeIfStill(ports.store, { ...removalOf(row), if: { equals: { status: 'waiting' } } }));

/** All in one transaction, or each by itself where one has moved meanwhile. */
async function cancelRows(
  ports: Ports,
  account: AccountId,
  of: Stretch,
  rows: readonly RecipientItem[],
): Promise<void> {
  if (rows.length === 0) return;
  try {
    const outcome = { status: 'cancelled' } as const;
    await ports.store.transact(
      settle(
        account,
        of,
        rows.map((row) => ({ row, outcome })),
      ),
    );
  } catch (error) {
    if (!isConflict(error)) throw error;
    // It was released just before: its message will find that it is cancelled.
    if (rows.length > 1) await inParallel(rows, 8, (row) => cancelRows(ports, account, of, [row]));
  }
}
