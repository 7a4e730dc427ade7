// The snapshot: one row for each person of the audience, made when the campaign is scheduled (behaviour 6). Made in
// stretches that go on where they stopped; a row that is there stays as it is.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon, writeIfStill } from '../../storage/conflict.ts';
import type { RecipientItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import {
  eventsOfProfile,
  everyShard,
  profileKey,
  recipientKey,
  recipientsOf,
  timeOfMark,
} from '../../storage/patterns.ts';
import { readAccount } from '../account/index.ts';
import { allMetrics, engagementMetrics, internalService } from '../events/index.ts';
import { ownZone, personOf } from '../identity/index.ts';
import { defer } from '../timers/index.ts';
import { audienceStretch, partName } from './audience.ts';
import { type Campaign, type Sending, findCampaign, isCancelled, replaceCampaign } from './campaign.ts';
import { closings } from './follow.ts';
import { hasVariations, variationFor } from './variations.ts';
import { dueOf, isLocal, throttledWaves } from './times.ts';

export type Stretch = Extract<Message<'campaigns'>, { shard: number }>;

/** Rows that are written side by side. */
const abreast = 25;
/** How many opens the best hour is judged by. */
const mostOpens = 100;

/** The campaign and its sending, as long as the sending of this name is under way. */
export async function underWay(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  { campaign: id, run }: { campaign: string; run: string },
): Promise<{ campaign: Campaign; sending: Sending } | undefined> {
  const campaign = await findCampaign(ports, account, id);
  const sending = campaign?.sending;
  return campaign && sending?.run === run ? { campaign, sending } : undefined;
}

const isTaking = ({ status }: Campaign) => status === 'Preparing to schedule' || status === 'Adding Recipients';

/** Makes the rows of one stretch of the audience and sends the next; the last stretch of all ends the snapshot. */
export async function takeSnapshot(ports: Ports, account: AccountId, stretch: Stretch): Promise<void> {
  const { group = 0, shard, after } = stretch;
  const found = await underWay(ports, account, stretch);
  if (isOver(found)) return close(ports, account, stretch);
  if (!isPending(found, stretch)) return nowUnsure(ports, account, stretch);
  const { campaign } = found;
  const place = { group, shard, ...(after !== undefined && { after }) };
  const { profiles, next } = await audienceStretch(ports, account, campaign.audiences, place);
  const rows = await rowsOf(ports, account, campaign, stretch.run, profiles);
  await inParallel(rows, abreast, (put) => writeIfStill(ports.store, { put, if: { absent: true } }));
  const since = await underWay(ports, account, stretch);
  if (isOver(since)) return close(ports, account, stretch);
  if (!isPending(since, stretch)) return nowUnsure(ports, account, stretch);
  if (next === undefined) return crossOff(ports, account, stretch);
  await ports.queue.send('campaigns', [{ body: { ...stretch, after: next } }]);
}

type Found = Awaited<ReturnType<typeof underWay>>;

const isPending = (found: Found, { group = 0, shard }: Stretch): found is NonNullable<Found> =>
  found !== undefined && isTaking(found.campaign) && found.sending.pending.includes(partName(group, shard));

/**
 * Somebody else has crossed the stretch off: what comes behind that is not counted, and the end looks at every row. Written
 * anew where it is so already: an end that has just looked must look again. Behind the end those rows are closed.
 */
async function nowUnsure(ports: Ports, account: AccountId, stretch: Stretch): Promise<void> {
  await untilWon(async () => {
    const found = await underWay(ports, account, stretch);
    if (!found || isOver(found)) return;
    if (found.sending.finished !== undefined) return close(ports, account, stretch);
    await replaceCampaign(ports, account, { ...found.campaign, sending: { ...found.sending, unsure: true } });
  }, 50);
}

const isOver = (found: { campaign: Campaign } | undefined) => found === undefined || isCancelled(found.campaign);

/** Rows that were written while the sending was cancelled or taken back came behind those who closed them (seed 10). */
const close = (ports: Ports, account: AccountId, { campaign, run }: Stretch): Promise<void> =>
  ports.queue.send('campaigns', closings({ account, campaign, run }));

async function rowsOf(
  ports: Ports,
  account: AccountId,
  of: Campaign,
  run: string,
  profiles: readonly string[],
): Promise<RecipientItem[]> {
  const { id: campaign, strategy, sending } = of;
  // Not the time of the stretch: whoever is late must not be due later.
  const asked = instantOf(sending?.asked ?? sortable(ports.clock.now()));
  const dues = isLocal(strategy)
    ? await localDues(ports, account, strategy, profiles, asked)
    : profiles.map(() => dueOf(strategy, { zone: 'UTC', opens: [] }, asked));
  return profiles.map((profile, at) => {
    const id = derivedId(22, 'recipient', campaign, profile);
    const due = sortable(dues[at] ?? asked);
    const variation = variationFor(of, id);
    const key = recipientKey(account, { campaign, run }, id);
    const row: RecipientItem = { ...key, kind: 'recipient', id, profile, status: 'waiting', due };
    return variation === undefined ? row : { ...row, variation };
  });
}

async function localDues(
  ports: Ports,
  account: AccountId,
  strategy: Campaign['strategy'],
  profiles: readonly string[],
  asked: Instant,
): Promise<Instant[]> {
  const owner = await readAccount(ports, account);
  const items = await ports.store.getMany(profiles.map((profile) => profileKey(account, profile)));
  const opened = strategy.method === 'smart_send_time' ? await openMetrics(ports, account) : [];
  return Promise.all(
    profiles.map(async (profile, at) => {
      const opens = await Promise.all(opened.map((metric) => opensOf(ports, account, profile, metric)));
      const item = items[at];
      // The account's where the person has none that is known (behaviour 6).
      const zone = (item && ownZone(personOf(item))) ?? owner.timezone;
      return dueOf(strategy, { zone, opens: opens.flat() }, asked);
    }),
  );
}

async function openMetrics(ports: Ports, account: AccountId): Promise<string[]> {
  const all = await allMetrics(ports, account);
  return all
    .filter(({ name, service }) => name === engagementMetrics.email.opened && service === internalService)
    .map(({ id }) => id);
}

async function opensOf(ports: Ports, account: AccountId, profile: string, metric: string): Promise<Instant[]> {
  const query = eventsOfProfile(account, profile, metric);
  const { items } = await ports.store.query({ ...query, newestFirst: true, limit: mostOpens });
  return items.map((mark) => instantOf(timeOfMark(mark)));
}

/** Takes a stretch off what is pending; with the last one the rows are counted and the first wave gets its timer. */
async function crossOff(ports: Ports, account: AccountId, { campaign: id, run, group = 0, shard }: Stretch) {
  await untilWon(async () => {
    const found = await underWay(ports, account, { campaign: id, run });
    if (!found || !isTaking(found.campaign)) return;
    const { campaign, sending } = found;
    const pending = sending.pending.filter((part) => part !== partName(group, shard));
    if (pending.length === sending.pending.length) return;
    if (pending.length > 0) {
      await replaceCampaign(ports, account, { ...campaign, sending: { ...sending, pending } });
      return;
    }
    await beginWaves(ports, account, campaign, sending);
  }, 50);
}

async function beginWaves(ports: Ports, account: AccountId, campaign: Campaign, sending: Sending): Promise<void> {
  const { run } = sending;
  const { rows, dues, variations } = await counted(ports, account, { campaign: campaign.id, run });
  const waves = wavesOf(campaign, rows, dues);
  const [first] = waves;
  const taken = {
    ...sending,
    pending: [],
    rows,
    waves,
    ...(hasVariations(campaign) && { variations: inOrder(campaign, variations) }),
  };
  if (first === undefined) {
    await replaceCampaign(ports, account, { ...campaign, status: 'Cancelled: No Recipients', sending: taken });
    return;
  }
  const turn = { type: 'wave' as const, account, campaign: campaign.id, run, wave: 0 };
  const due = await defer(ports, {
    account,
    at: Math.max(instantOf(first), ports.clock.now()),
    queue: 'campaigns',
    id: `${run} wave 0`,
    message: turn,
  });
  await replaceCampaign(ports, account, { ...campaign, status: 'Scheduled', sending: taken }, [due]);
}

/** Also those that nobody gets. */
const inOrder = ({ messages }: Campaign, rows: Readonly<Record<string, number>>) =>
  Object.fromEntries(messages.map(({ id }) => [id, rows[id] ?? 0]));

/** How many rows each shard and each variation have, and when they are due. */
async function counted(ports: Ports, account: AccountId, of: { campaign: string; run: string }) {
  const dues = new Set<string>();
  const variations: Record<string, number> = {};
  const rows = await Promise.all(
    everyShard.map(async (shard) => {
      let count = 0;
      for await (const page of pagesOf(ports.store, recipientsOf(account, of, shard))) {
        count += page.items.length;
        for (const { due, variation } of page.items) {
          dues.add(due);
          if (variation !== undefined) variations[variation] = (variations[variation] ?? 0) + 1;
        }
      }
      return count;
    }),
  );
  return { rows, dues: [...dues].sort(), variations };
}

function wavesOf({ strategy }: Campaign, rows: readonly number[], dues: readonly string[]): string[] {
  const [first] = dues;
  if (strategy.method !== 'throttled' || first === undefined) return [...dues];
  const all = rows.reduce((sum, count) => sum + count, 0);
  return throttledWaves(all, strategy.throttle_percentage, instantOf(first)).map(sortable);
}
