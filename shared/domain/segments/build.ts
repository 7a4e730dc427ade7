// Building: when a segment is created, edited or removed, its members are found anew. Planned once per edition; walked
// in stretches, each of which ends by sending the next, so that it goes on where it stopped whatever happens.
import { type Instant, day, hour, instantOf, second, sortable } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { BuildItem } from '../../storage/items.ts';
import {
  type FeedMark,
  buildKey,
  definitionKey,
  everyShard,
  membersOfGroup,
  profileOf,
  shards,
} from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';
import type { Query } from '../../storage/store.ts';
import { indexLagSeconds } from '../../storage/table.ts';
import { driverOf } from './driver.ts';
import { type Segment, segmentOf } from './segment.ts';
import type { Held } from './reason.ts';
import { usualParts } from './progress.ts';
import { noteEnded } from './under-way.ts';
import { updateProfileSegments } from './update.ts';
import { shardOf, shardsOf } from './walk.ts';

type Build = Extract<Message<'segments'>, { type: 'build' }>;
type Stretch = Extract<Message<'segments'>, { type: 'build-shard' }>;

/** Plans the build of one edition, unless a newer one or this one is planned; then sends it out. */
export async function planBuild(ports: Ports, build: Build & { account: AccountId }): Promise<void> {
  const { account, segment: id, version } = build;
  const segment = await readSegmentIfAny(ports, account, id);
  // Changes of the name or the star raise the version but not the edition.
  if (segment && (segment.edition !== version || !segment.is_active)) return;
  const plan = await planned(ports, account, segment, build);
  if (plan === undefined) return;
  const stretches = plan.pending.map((shard) => ({
    body: { type: 'build-shard' as const, account, segment: id, version, shard },
    // Until then the index has learned of what was written before.
    delaySeconds: indexLagSeconds,
  }));
  await ports.queue.send('segments', stretches);
}

/** The build of this version, when it is there to be done. A retry finds it planned and sends its stretches again. */
async function planned(
  ports: Ports,
  account: AccountId,
  definition: Segment | undefined,
  { segment, version }: Build,
): Promise<BuildItem | undefined> {
  return untilWon(async () => {
    const known = await ports.store.get(buildKey(account, segment));
    if (known && known.version >= version) {
      return known.version === version && known.finished === undefined ? known : undefined;
    }
    const started = ports.clock.now();
    const driven = definition && (await shardsOf(ports, account, driverOf(definition.definition, started)));
    const pending = [...everyShard.map((shard) => shards + shard), ...(driven ?? everyShard).map(partOf)];
    const plan: BuildItem = {
      ...buildKey(account, segment),
      kind: 'build',
      segment,
      version,
      pending: pending.sort((a, b) => a - b),
      ...(pending.length !== usualParts && { parts: pending.length }),
      profiles: 0,
      started: sortable(started),
    };
    await ports.store.write({ put: plan, if: known ? { equals: { version: known.version } } : { absent: true } });
    return plan;
  });
}

/** What one message handles at most, in entries of an index. */
const stretchLength = 500;
/** Profiles looked at side by side. */
const abreast = 20;

/** So much, and less, the clocks of two hosts differ: of whoever edits or plans, and of whoever decides. */
export const clocksDiffer = hour;

/** Works off one stretch of one shard and sends the next; the last one of a shard crosses it off the plan. */
export async function buildStretch(ports: Ports, message: Stretch & { account: AccountId }, held: Held): Promise<void> {
  const { account, segment: id, version, shard } = message;
  const plan = await ports.store.get(buildKey(account, id));
  // A newer edition takes over; a shard that is crossed off comes from a second delivery.
  if (plan?.version !== version || !plan.pending.includes(shard)) return;
  const segment = await readSegmentIfAny(ports, account, id);
  // One that was stopped stays as it is.
  if (segment && (segment.edition !== version || !segment.is_active)) return;
  const place = placeOf(message.after);
  const query = stretchOf(account, id, segment, shard, instantOf(plan.started));
  const page = query
    ? await ports.store.query({
        ...query,
        limit: stretchLength,
        ...(place.after !== undefined && { after: place.after }),
      })
    : { items: [] };
  const seen = seenIn(ports, `${account} ${id} ${version}`);
  // By partition: most of a feed is about people who were there before, and taking names apart takes time.
  const fresh = page.items.filter(({ pk }) => !seen.has(pk));
  const profiles = [...new Set(fresh.map(profileOf))];
  const isNewest = await lookAtThem(ports, account, id, profiles, held, segment);
  if (!isNewest) return;
  for (const { pk } of fresh) if (seen.size < mostSeen) seen.add(pk);
  const count = place.count + profiles.length;
  if (page.next === undefined) return crossOff(ports, message, count);
  const after = JSON.stringify([count, page.next]);
  await ports.queue.send('segments', [{ body: { ...message, after } }]);
}

/**
 * Looks at profiles for one edition of a segment (undefined: it is gone), and again when there is another by the end: a
 * worker that stood still meanwhile has written what the older says behind the build of the newer. False: it was so.
 */
async function lookAtThem(
  ports: Ports,
  account: AccountId,
  id: string,
  profiles: readonly string[],
  held: Held,
  segment: Segment | undefined,
): Promise<boolean> {
  if (profiles.length === 0) return true;
  const reason = segment ? { segments: [segment], built: new Set([id]) } : { gone: [id] };
  await inParallel(profiles, abreast, (profile) => updateProfileSegments(ports, account, profile, held, reason));
  const current = await readSegmentIfAny(ports, account, id);
  if (current?.edition === segment?.edition) return true;
  await lookAtThem(ports, account, id, profiles, held, current);
  return false;
}

/** As many a worker keeps in mind: about 20 MB. */
const mostSeen = 200_000;

/**
 * Whom this worker has looked at already in its latest build: a feed names people once for each of their events. What
 * happens to them afterwards is told by the change feed; a worker that crashed looks at them again.
 */
const inMind = perStore<Set<string>>();

function seenIn({ store }: Ports, build: string): Set<string> {
  const minds = inMind(store);
  const known = minds.get(build);
  if (known) return known;
  minds.clear();
  const seen = new Set<string>();
  minds.set(build, seen);
  return seen;
}

/** What a shard of the plan walks; undefined: nothing. */
function stretchOf(
  account: AccountId,
  id: string,
  segment: Segment | undefined,
  part: number,
  started: Instant,
): Query<FeedMark> | undefined {
  // Of one that is gone everybody: the clock of the host that let somebody in may be ahead (seed 212).
  if (isOfMembers(part) && !segment) return membersOfGroup(account, id, part - shards);
  if (!segment) return undefined;
  if (isOfMembers(part)) return membersBefore(account, segment, part - shards, started);
  return shardOf(account, driverOf(segment.definition, started), part < shards ? part : part - shards);
}

/** The part of a plan that is a shard of the driver: the members that the edition before had stand among them. */
const partOf = (shard: number): number => (shard < shards ? shard : shard + shards);

const isOfMembers = (part: number): boolean => part >= shards && part < 2 * shards;

/**
 * Those who entered before the build began, by whichever clock: one that was ahead may have let somebody in, and one that was
 * behind have planned the build (seed 847 of 500 operations). Of a first edition nobody need be looked at again.
 */
const membersBefore = (account: AccountId, segment: Segment, shard: number, started: Instant): Query<FeedMark> => ({
  ...membersOfGroup(account, segment.id, shard),
  to: sortable(started + (segment.edition === 1 ? indexLagSeconds * second : clocksDiffer)),
});

/** How many profiles the stretches before looked at, and where they ended. */
function placeOf(after: string | undefined): { count: number; after?: string } {
  if (after === undefined) return { count: 0 };
  const [count, next] = JSON.parse(after) as [number, string];
  return { count, after: next };
}

/**
 * So long the build of a removed segment is remembered: a worker that stood still with its message would plan it anew, and if
 * it failed then, nobody would deliver that message again (seed 316 of 500 operations).
 */
const rememberedFor = day;

/** Takes the shard off the plan, once; with the last one the build is finished, and that of a removed segment soon forgotten. */
async function crossOff(
  ports: Ports,
  { account, segment, version, shard }: Stretch & { account: AccountId },
  count: number,
) {
  await untilWon(async () => {
    const plan = await ports.store.get(buildKey(account, segment));
    if (plan?.version !== version || !plan.pending.includes(shard)) return;
    const pending = plan.pending.filter((one) => one !== shard);
    const unchanged = { equals: { version, pending: plan.pending } };
    const done = pending.length === 0;
    const gone = done && !(await readSegmentIfAny(ports, account, segment));
    const now = ports.clock.now();
    await ports.store.write({
      update: buildKey(account, segment),
      set: {
        pending,
        profiles: plan.profiles + count,
        ...(done && { finished: sortable(now) }),
        ...(gone && { expires: expiryAt(now + rememberedFor) }),
      },
      if: unchanged,
    });
    if (done) noteEnded(ports, account, { id: segment, edition: version });
  }, 30);
}

async function readSegmentIfAny(ports: Ports, account: AccountId, id: string): Promise<Segment | undefined> {
  const item = await ports.store.get(definitionKey(account, 'segment', id));
  return item && segmentOf(item);
}
