// What became of the rows: told by the messages, read off them. When every row has its outcome the campaign is sent.
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import { type Instant, day, hour, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { MessageItem, RecipientItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import { everyShard, recipientKey, recipientsOf } from '../../storage/patterns.ts';
import { isConflict } from '../../storage/store.ts';
import { findMessage } from '../messaging/index.ts';
import { replaceCampaign } from './campaign.ts';
import { type Turn, later, settleRow } from './release.ts';
import { type Stretch, underWay } from './snapshot.ts';

type Told = Extract<Message<'campaigns'>, { type: 'outcome' }>;
type Outcome = Pick<RecipientItem, 'status' | 'reason'>;

/** Brings the row of a message in line with what the message says now. */
export async function takeOutcome(ports: Ports, account: AccountId, told: Told): Promise<void> {
  await untilWon(async () => {
    const row = await ports.store.get(recipientKey(account, told, told.recipient));
    if (!row) return;
    const found = await findMessage(ports, { account, profile: told.profile, message: told.message });
    const cancelled = !isRunning(await underWay(ports, account, told));
    const outcome = found ? outcomeOf(found.item, cancelled) : gone(row, told.was);
    if (outcome && (outcome.status !== row.status || outcome.reason !== row.reason)) {
      await settleRow(ports, account, told, row, outcome);
    }
  });
}

const isRunning = (found: Awaited<ReturnType<typeof underWay>>) =>
  found !== undefined && !found.campaign.status.startsWith('Cancelled');

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

/** How many rows have which status. */
export type Tally = Record<RecipientItem['status'], number>;

/** The count of no rows. */
export const noRows = (): Tally => ({
  waiting: 0,
  queued: 0,
  sent: 0,
  skipped: 0,
  failed: 0,
  unknown: 0,
  cancelled: 0,
});

/** Counts the rows of a sending. */
export async function tally(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  of: { campaign: string; run: string },
): Promise<Tally> {
  const counts = noRows();
  await inParallel(everyShard, everyShard.length, async (shard) => {
    for await (const { items } of pagesOf(ports.store, recipientsOf(account, of, shard)))
      for (const { status } of items) counts[status] += 1;
  });
  return counts;
}

/** Ends the campaign when no row is without an outcome; else looks again later, ever more rarely. */
export async function finish(ports: Ports, account: AccountId, turn: Turn): Promise<void> {
  await untilWon(async () => {
    const found = await underWay(ports, account, turn);
    if (found?.campaign.status !== 'Sending') return;
    const { waiting, queued } = await tally(ports, account, turn);
    const { campaign, sending } = found;
    const now = ports.clock.now();
    if (waiting + queued > 0) {
      await later(ports, account, { at: now + pauseAfter(now - instantOf(sending.waves.at(-1) ?? '')), turn });
      return;
    }
    await replaceCampaign(ports, account, {
      ...campaign,
      status: 'Sent',
      sending: { ...sending, finished: sortable(now) },
    });
  });
}

const pauseAfter = (since: Instant): Instant => (since < hour ? minute : since < day ? 10 * minute : hour);

/**
 * Walks the rows of a sending that is over: cancelled, its rows that still wait are settled; reverted or removed, they
 * are cleared away.
 */
export async function closeRows(ports: Ports, account: AccountId, stretch: Stretch): Promise<void> {
  const found = await underWay(ports, account, stretch);
  if (found && isRunning(found)) return;
  const { after } = stretch;
  const page = await ports.store.query({
    ...recipientsOf(account, stretch, stretch.shard),
    limit: 100,
    ...(after !== undefined && { after }),
  });
  if (found)
    await inParallel(
      page.items.filter(({ status }) => status === 'waiting'),
      25,
      (row) => cancelRow(ports, account, stretch, row),
    );
  else await ports.store.writeMany(page.items.map(({ pk, sk }) => ({ remove: { pk, sk } })));
  if (page.next === undefined) return;
  await ports.queue.send('campaigns', [{ body: { ...stretch, after: page.next } }]);
}

async function cancelRow(ports: Ports, account: AccountId, of: Stretch, row: RecipientItem): Promise<void> {
  try {
    await settleRow(ports, account, of, row, { status: 'cancelled' });
  } catch (error) {
    // It was released just before: its message will find that it is cancelled.
    if (!isConflict(error)) throw error;
  }
}
