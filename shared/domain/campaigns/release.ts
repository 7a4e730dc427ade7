// Waves: when one comes, the rows that are due get their messages. A row leaves `waiting` in the transaction that makes
// its message, so that each person has one, however often a stretch is worked on.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import { groupsOf } from '../../kernel/groups.ts';
import { inParallel } from '../../kernel/parallel.ts';
import { type Instant, instantOf, minute, sortable } from '../../kernel/time.ts';
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
import { type Check, ConditionFailed, type Write, isConflict } from '../../storage/store.ts';
import { aboutPerson } from '../identity/index.ts';
import { queueMessage } from '../messaging/index.ts';
import { setTimer } from '../timers/index.ts';
import { type Campaign, type Sending, replaceCampaign } from './campaign.ts';
import { countMoves, settle } from './counts.ts';
import { type Stretch, underWay } from './snapshot.ts';
import { waveSize } from './times.ts';
import { messageFor } from './variations.ts';

export type Turn = Extract<Message<'campaigns'>, { type: 'wave' | 'finish' }>;

/** Rows of one stretch, rows that are released in one transaction, and such transactions side by side. */
const stretchLength = 100;
const together = 20;
const abreast = 5;

/** Sends out the stretches of a wave, and sets the timer of the next one; behind the last one outcomes are looked for. */
export async function beginWave(ports: Ports, account: AccountId, turn: Turn): Promise<void> {
  const found = await untilWon(async () => {
    const seen = await underWay(ports, account, turn);
    if (seen?.campaign.status !== 'Scheduled') return seen;
    return { ...seen, campaign: await replaceCampaign(ports, account, { ...seen.campaign, status: 'Sending' }) };
  });
  if (found?.campaign.status !== 'Sending') return;
  const { wave } = turn;
  const next = found.sending.waves[wave + 1];
  await later(
    ports,
    account,
    next === undefined
      ? { at: ports.clock.now() + minute, turn: { ...turn, type: 'finish' } }
      : { at: Math.max(instantOf(next), ports.clock.now()), turn: { ...turn, wave: wave + 1 } },
  );
  await sendReleases(ports, account, turn);
}

/** Has the rows of a wave given their messages: those of waves before too, as far as they were left behind. */
export async function sendReleases(ports: Ports, account: AccountId, { campaign, run, wave }: Turn): Promise<void> {
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
  const isIn = belonging(found.campaign, found.sending, { shard, wave, now: ports.clock.now() });
  const rows = page.items.filter((row, at) => row.status === 'waiting' && isIn(row, count + at));
  await inParallel(groupsOf(rows, together), abreast, (group) =>
    releaseRows(ports, account, found.campaign, stretch.run, group),
  );
  if (page.next === undefined) return;
  const next = { ...stretch, after: page.next, count: count + page.items.length };
  await ports.queue.send('campaigns', [{ body: next }]);
}

/**
 * Which rows belong to a wave: of a throttled campaign by their rank among all, of others by when they are due. To the last
 * one belong all that are due: also rows that came behind the snapshot, which no wave was made for.
 */
function belonging(
  { strategy }: Campaign,
  { rows = [], waves }: Sending,
  at: { shard: number; wave: number; now: Instant },
) {
  const isLast = at.wave === waves.length - 1;
  const planned = waves[at.wave] ?? '';
  const time = isLast && sortable(at.now) > planned ? sortable(at.now) : planned;
  if (isLast || strategy.method !== 'throttled') return (row: RecipientItem) => row.due <= time;
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

/** The writes that give a row its message, for a person who is there. */
function releasing(ports: Ports, account: AccountId, of: Campaign, run: string, row: RecipientItem) {
  const { id: campaign } = of;
  const message = messageFor(of, row);
  const channel = message?.definition.channel === 'mobile_push' ? 'push' : message?.definition.channel;
  const key = recipientKey(account, { campaign, run }, row.id);
  const queued: Write = { update: key, set: { status: 'queued' }, if: { equals: { status: 'waiting' } } };
  return (profile: string) => {
    const source = { campaign, campaignMessage: message?.id ?? '', run, recipient: row.id, profile };
    const { put } = queueMessage(ports, account, { ...source, ...(channel && { channel }) });
    const person = profileKey(account, profile);
    const writes: (Write | Check)[] = [queued, { put, if: { absent: true } }, { check: person, if: { present: true } }];
    return { message: { pk: put.pk, sk: put.sk }, person, writes };
  };
}

/** In one transaction, which is cheaper; where anything is in its way, each row by itself. */
async function releaseRows(
  ports: Ports,
  account: AccountId,
  campaign: Campaign,
  run: string,
  rows: readonly RecipientItem[],
): Promise<void> {
  const of = { campaign: campaign.id, run };
  const ready = rows.map((row) => releasing(ports, account, campaign, run, row)(row.profile ?? ''));
  const found = await ports.store.getMany<unknown>(ready.flatMap(({ message, person }) => [message, person]));
  const isPlain = (at: number) => found[2 * at] === undefined && found[2 * at + 1] !== undefined;
  const plain = rows.filter((_, at) => isPlain(at));
  const [first] = plain;
  const single = async (some: readonly RecipientItem[]) =>
    inParallel(some, together, (row) => releaseRow(ports, account, campaign, run, row));
  await single(rows.filter((_, at) => !isPlain(at)));
  if (!first) return;
  try {
    await ports.store.transact([
      ...ready.flatMap(({ writes }, at) => (isPlain(at) ? writes : [])),
      notCancelled(account, of, first.id),
      ...countMoves(
        account,
        of,
        plain.map((row) => ({ row, from: 'waiting', to: 'queued' })),
      ),
    ]);
  } catch (error) {
    if (!isConflict(error)) throw error;
    await single(plain);
  }
}

async function releaseRow(
  ports: Ports,
  account: AccountId,
  campaign: Campaign,
  run: string,
  row: RecipientItem,
): Promise<void> {
  if (row.profile === undefined) return;
  const of = { campaign: campaign.id, run };
  const releaseTo = releasing(ports, account, campaign, run, row);
  await aboutPerson(ports, account, row.profile, async (profile, settled) => {
    const { message, person, writes } = releaseTo(profile);
    const [held, there] = await ports.store.getMany<unknown>([message, person]);
    // Merged into somebody else, maybe: then it is they who are written to.
    if (!there && !settled) throw new ConditionFailed();
    const skip = (reason: string) =>
      ports.store.transact(settle(account, of, [{ row, outcome: { status: 'skipped', reason } }]));
    try {
      // Reached as somebody else, whom they were merged with: a campaign reaches a person once.
      if (held) return await skip('Merged with another recipient');
      if (!there) return await skip('Person Deleted');
      await ports.store.transact([
        ...writes,
        notCancelled(account, of, row.id),
        ...countMoves(account, of, [{ row, from: 'waiting', to: 'queued' }]),
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
