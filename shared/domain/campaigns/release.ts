// Waves: when one comes, the rows that are due get their messages. A row leaves `waiting` in the transaction that makes
// its message, so that each person has one, however often a stretch is worked on.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import { type Instant, instantOf, minute } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { RecipientItem } from '../../storage/items.ts';
import {
  cancelPlaces,
  cancelledKey,
  everyShard,
  profileKey,
  recipientKey,
  recipientsOf,
} from '../../storage/patterns.ts';
import { type Check, type Write, isConflict } from '../../storage/store.ts';
import { aboutPerson } from '../identity/index.ts';
import { queueMessage } from '../messaging/index.ts';
import { setTimer } from '../timers/index.ts';
import { type Campaign, type Sending, replaceCampaign } from './campaign.ts';
import { type Stretch, underWay } from './snapshot.ts';
import { waveSize } from './times.ts';

export type Turn = Extract<Message<'campaigns'>, { type: 'wave' | 'finish' }>;

/** Rows of one stretch, and how many are released side by side. */
const stretchLength = 100;
const abreast = 25;

/** Sends out the stretches of a wave, and sets the timer of the next one; behind the last one outcomes are looked for. */
export async function beginWave(ports: Ports, account: AccountId, turn: Turn): Promise<void> {
  const found = await untilWon(async () => {
    const seen = await underWay(ports, account, turn);
    if (seen?.campaign.status !== 'Scheduled') return seen;
    return { ...seen, campaign: await replaceCampaign(ports, account, { ...seen.campaign, status: 'Sending' }) };
  });
  if (found?.campaign.status !== 'Sending') return;
  const { campaign, run, wave } = turn;
  const next = found.sending.waves[wave + 1];
  await later(
    ports,
    account,
    next === undefined
      ? { at: ports.clock.now() + minute, turn: { ...turn, type: 'finish' } }
      : { at: Math.max(instantOf(next), ports.clock.now()), turn: { ...turn, wave: wave + 1 } },
  );
  const body = { type: 'release' as const, account, campaign, run, wave };
  await ports.queue.send(
    'campaigns',
    everyShard.map((shard) => ({ body: { ...body, shard } })),
  );
}

/** Sets the timer of a turn; the same turn at the same time is one. */
export async function later(
  ports: Ports,
  account: AccountId,
  { at, turn }: { at: Instant; turn: Turn },
): Promise<void> {
  const id = `${turn.run} ${turn.type} ${turn.wave}`;
  await setTimer(ports, { account, at, queue: 'campaigns', id, message: { ...turn, account } });
}

/** Gives the rows of one stretch that belong to the wave their messages, and sends the next stretch. */
export async function release(ports: Ports, account: AccountId, stretch: Stretch): Promise<void> {
  const { shard, wave = 0, after, count = 0 } = stretch;
  const found = await underWay(ports, account, stretch);
  if (found?.campaign.status !== 'Sending') return;
  const page = await ports.store.query({
    ...recipientsOf(account, stretch, shard),
    limit: stretchLength,
    ...(after !== undefined && { after }),
  });
  const isIn = belonging(found.campaign, found.sending, { shard, wave });
  const rows = page.items.filter((row, at) => row.status === 'waiting' && isIn(row, count + at));
  await inParallel(rows, abreast, (row) => releaseRow(ports, account, found.campaign, stretch.run, row));
  if (page.next === undefined) return;
  const next = { ...stretch, after: page.next, count: count + page.items.length };
  await ports.queue.send('campaigns', [{ body: next }]);
}

/** Which rows belong to a wave: of a throttled campaign by their rank among all, of others by when they are due. */
function belonging({ strategy }: Campaign, { rows = [], waves }: Sending, at: { shard: number; wave: number }) {
  const time = waves[at.wave] ?? '';
  if (strategy.method !== 'throttled') return (row: RecipientItem) => row.due <= time;
  const before = rows.slice(0, at.shard).reduce((sum, count) => sum + count, 0);
  const size = waveSize(
    rows.reduce((sum, count) => sum + count, 0),
    strategy.throttle_percentage,
  );
  // Also those of waves before, should one of them have been left behind.
  return (_: RecipientItem, rank: number) => before + rank < size * (at.wave + 1);
}

/** Where a claim of this row looks whether its sending was cancelled. */
export const notCancelled = (account: AccountId, of: { campaign: string; run: string }, row: string): Check => ({
  check: cancelledKey(account, of, shardOf(row, cancelPlaces)),
  if: { absent: true },
});

async function releaseRow(
  ports: Ports,
  account: AccountId,
  { id: campaign, messages }: Campaign,
  run: string,
  row: RecipientItem,
): Promise<void> {
  const { profile: known } = row;
  const [message] = messages;
  if (known === undefined || !message) return;
  const of = { campaign, run };
  const channel = message.definition.channel === 'mobile_push' ? 'push' : message.definition.channel;
  const key = recipientKey(account, of, row.id);
  const queued: Write = { update: key, set: { status: 'queued' }, if: { equals: { status: 'waiting' } } };
  await aboutPerson(ports, account, known, async (profile) => {
    const source = { campaign, campaignMessage: message.id, run, recipient: row.id, profile, channel } as const;
    const { put } = queueMessage(ports, account, source);
    const person = profileKey(account, profile);
    const [held, there] = await ports.store.getMany<unknown>([{ pk: put.pk, sk: put.sk }, person]);
    const settle = (reason: string) => settleRow(ports, account, of, row, { status: 'skipped', reason });
    try {
      // Reached as somebody else, whom they were merged with: a campaign reaches a person once.
      if (held) return await settle('Merged with another recipient');
      if (!there) return await settle('Person Deleted');
      await ports.store.transact([
        queued,
        { put, if: { absent: true } },
        { check: person, if: { present: true } },
        notCancelled(account, of, row.id),
      ]);
    } catch (error) {
      if (!isConflict(error) || !(await isSettled(ports, account, of, row))) throw error;
    }
  });
}

/** Somebody else released the row, or its sending is cancelled: then whoever cancelled settles it. */
async function isSettled(ports: Ports, account: AccountId, of: { campaign: string; run: string }, row: RecipientItem) {
  const [now, cancelled] = await Promise.all([
    ports.store.get(recipientKey(account, of, row.id)),
    ports.store.get(notCancelled(account, of, row.id).check),
  ]);
  return now?.status !== 'waiting' || cancelled !== undefined;
}

/** The outcome of a row: after it nothing names the person. A row that has one keeps it unless `from` says otherwise. */
export async function settleRow(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  of: { campaign: string; run: string },
  { id, status: from }: Pick<RecipientItem, 'id' | 'status'>,
  outcome: Pick<RecipientItem, 'status' | 'reason'>,
): Promise<void> {
  const { status, reason } = outcome;
  await ports.store.write({
    update: recipientKey(account, of, id),
    set: { status, ...(reason !== undefined && { reason }) },
    remove: ['profile', ...(reason === undefined ? ['reason'] : [])],
    if: { equals: { status: from } },
  });
}
