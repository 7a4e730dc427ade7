// How many people a definition would have, before it is saved: those found in as much of the account as one call can look at.
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { type FeedMark, profileOf } from '../../storage/patterns.ts';
import { type Query, isConflict } from '../../storage/store.ts';
import type { Definition } from './definition.ts';
import { driverOf } from './driver.ts';
import { evaluate } from './evaluate.ts';
import { gather } from './gather.ts';
import { conditionsOf } from './segment.ts';
import { shardOf, shardsOf } from './walk.ts';

/** What was found out. */
export interface Preview {
  /** Profiles that belong in, among those looked at; exact when everyone was. */
  matching: number;
  looked_at: number;
  complete: boolean;
  /** Of all: the exact number, or what the shards that were looked at let expect. */
  estimate: number;
  /** Some of those that belong in. */
  sample: readonly string[];
}

/** One call looks at this many profiles; a shard that was begun is given up there. */
const mostLookedAt = 2000;
const pageLength = 200;
/** Of a shard that was begun so many pages of the rest are counted, of so many people each; what is beyond is not estimated. */
const mostCounted = { pages: 50, length: 1000 };
const abreast = 20;
const sampled = 10;

/** Looks at whom the cheapest driver names, shard by shard; profiles are spread over shards evenly, so that they tell of all. */
export async function preview(
  ports: Ports,
  account: AccountId,
  definition: Definition,
  most: number = mostLookedAt,
): Promise<Preview> {
  const now = ports.clock.now();
  const driver = driverOf(definition, now);
  const matching = new Set<string>();
  const seen = new Set<string>();
  const shards = await shardsOf(ports, account, driver);
  let covered = 0;
  for (const shard of shards) {
    const part = await lookAtShard(ports, account, definition, { driver, shard, now, seen, most, matching });
    covered += part;
    if (part < 1) break;
  }
  const complete = covered === shards.length;
  const estimate = complete
    ? matching.size
    : Math.round((matching.size * shards.length) / Math.max(covered, 1 / pageLength));
  return { matching: matching.size, looked_at: seen.size, complete, estimate, sample: [...matching].slice(0, sampled) };
}

interface Look {
  driver: ReturnType<typeof driverOf>;
  shard: number;
  now: Instant;
  seen: Set<string>;
  most: number;
  matching: Set<string>;
}

/** How much of the shard was looked at: all of it, or the part before which there was no room for the rest. */
async function lookAtShard(
  ports: Ports,
  account: AccountId,
  definition: Definition,
  { driver, shard, now, seen, most, matching }: Look,
): Promise<number> {
  const conditions = conditionsOf(definition);
  const query = shardOf(account, driver, shard);
  let after: string | undefined;
  let passed = 0;
  do {
    if (seen.size >= most) {
      const rest = await countBehind(ports, query, after);
      return rest === 0 ? 1 : passed / (passed + rest);
    }
    const page = await ports.store.query({ ...query, limit: pageLength, ...(after !== undefined && { after }) });
    passed += page.items.length;
    const fresh = [...new Set(page.items.map(profileOf))].filter((id) => !seen.has(id));
    await inParallel(fresh, abreast, async (id) => {
      seen.add(id);
      if (await belongs(ports, account, id, definition, conditions, now)) matching.add(id);
    });
    after = page.next;
  } while (after !== undefined);
  return 1;
}

/** How many entries of an index come after that place, or as many as are counted. */
async function countBehind({ store }: Ports, query: Query<FeedMark>, place: string | undefined): Promise<number> {
  let [count, after] = [0, place];
  for (let pages = 0; pages < mostCounted.pages; pages += 1) {
    const page = await store.query({ ...query, limit: mostCounted.length, ...(after !== undefined && { after }) });
    count += page.items.length;
    after = page.next;
    if (after === undefined) break;
  }
  return count;
}

async function belongs(
  ports: Ports,
  account: AccountId,
  id: string,
  definition: Definition,
  conditions: ReturnType<typeof conditionsOf>,
  now: Instant,
): Promise<boolean> {
  try {
    const snapshot = await gather(ports, account, id, conditions, now);
    return snapshot !== undefined && evaluate(definition, snapshot, now).member;
  } catch (error) {
    // In the middle of a merge, or part of somebody else by now who is looked at under their own id.
    if (isConflict(error)) return false;
    throw error;
  }
}
