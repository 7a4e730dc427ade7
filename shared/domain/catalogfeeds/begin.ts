// When a feed is pulled: at once when it was made or changed, then as often as it says, and whenever somebody asks.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, hour, instantOf, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { readDefinition } from '../../storage/definitions.ts';
import type { CatalogFeedStateItem, DefinitionItem, JobItem } from '../../storage/items.ts';
import { definitionKey, feedEntries, feedParts, feedStateKey, jobKey } from '../../storage/patterns.ts';
import { type Write, removalOf } from '../../storage/store.ts';
import { pagesOf } from '../../storage/pages.ts';
import { createJob, isExpired, isOver } from '../jobs/index.ts';
import { defer } from '../timers/index.ts';
import { catalogFeedData } from './stored.ts';
import type { FeedRun } from './work.ts';

/** A run that has not ended by then is taken for dead, and another may begin. */
const longestRun = 2 * hour;

/** The run of a feed that is under way, as the feed is now. */
async function underWay(
  ports: Ports,
  account: AccountId,
  item: DefinitionItem,
  state?: CatalogFeedStateItem,
): Promise<JobItem | undefined> {
  if (state?.run === undefined || state.run_version !== item.version) return undefined;
  const job = await ports.store.get(jobKey(account, 'catalog-feed-run', state.run));
  if (!job || isOver(job) || isExpired(ports, job)) return undefined;
  return instantOf(job.created) + longestRun > ports.clock.now() ? job : undefined;
}

type Times = Pick<CatalogFeedStateItem, 'version' | 'next'>;

/** Begins a run, and notes in the same transaction that it is the one, and when the next one begins. */
function begin(
  ports: Ports,
  account: AccountId,
  item: DefinitionItem,
  state: CatalogFeedStateItem | undefined,
  { times, alongside = [] }: { times: Times; alongside?: readonly Write[] },
): Promise<JobItem> {
  const id = ports.ids.ulid();
  const kept = noted(account, item.id, state, { ...times, run: id, run_version: item.version });
  const input: FeedRun = { feed: item.id, version: item.version };
  const of = { type: 'catalog-feed-run', total: 0, input, feed: item.id, id } as const;
  return createJob(ports, account, { ...of, alongside: [kept, ...alongside] });
}

/** The write of a feed's state in the place of the one that was read. */
function noted(
  account: AccountId,
  feed: string,
  state: CatalogFeedStateItem | undefined,
  next: Times & Pick<CatalogFeedStateItem, 'run' | 'run_version'>,
): Write {
  const put: CatalogFeedStateItem = {
    ...next,
    ...feedStateKey(account, feed),
    kind: 'catalog-feed-state',
  };
  if (!state) return { put, if: { absent: true } };
  return { put, if: { equals: { run: state.run, next: state.next, version: state.version } } };
}

/** Begins a run now; when one is under way, it is that one. A 404 when there is no such feed. */
export function runNow(ports: Ports, account: AccountId, id: string): Promise<JobItem> {
  return untilWon(async () => {
    const item = await readDefinition(ports.store, account, 'catalog-feed', id);
    const state = await ports.store.get(feedStateKey(account, id));
    const { version = 0, next } = state ?? {};
    const times = { version, ...(next !== undefined && { next }) };
    return (await underWay(ports, account, item, state)) ?? begin(ports, account, item, state, { times });
  });
}

type Pull = Extract<Message<'jobs'>, { type: 'pull-feed' }>;

/** Begins the run that a message asks for, unless one is under way, and sets the time of the next: in one transaction. */
export async function pullFeed(ports: Ports, account: AccountId, { job: id, version, at }: Pull): Promise<void> {
  await untilWon(async () => {
    const item = await ports.store.get(definitionKey(account, 'catalog-feed', id));
    if (item?.version !== version) return;
    const { active, interval_hours } = catalogFeedData(item);
    const state = await ports.store.get(feedStateKey(account, id));
    // This time has had its run: the message came twice.
    if (!active || (state?.version === version && state.next !== at)) return;
    const next = nextTime(instantOf(at), interval_hours * hour, ports.clock.now());
    const times = { version, next: sortable(next) };
    const timer = await timerOf(ports, account, item, next);
    if (state && (await underWay(ports, account, item, state))) {
      await ports.store.transact([noted(account, id, state, { ...state, ...times }), timer]);
    } else await begin(ports, account, item, state, { times, alongside: [timer] });
  });
}

/** The first time after `now`, so many steps after `at`: what an outage left out is not made up for. */
const nextTime = (at: Instant, step: number, now: Instant): Instant =>
  at + step * Math.max(1, Math.floor((now - at) / step) + 1);

const timerOf = (ports: Ports, account: AccountId, { id, version }: DefinitionItem, at: Instant) =>
  defer(ports, {
    account,
    at,
    queue: 'jobs',
    id: `catalog-feed ${id} ${version}`,
    message: { type: 'pull-feed', account, job: id, version, at: sortable(at) },
  });

/** Forgets what was kept of a feed that is gone; its items stay as they are. */
export async function clearFeed(ports: Ports, account: AccountId, feed: string): Promise<void> {
  for (let part = 0; part < feedParts; part += 1)
    for await (const { items } of pagesOf(ports.store, feedEntries(account, feed, part)))
      await ports.store.writeMany(items.map(removalOf));
  await ports.store.write({ remove: feedStateKey(account, feed) });
}
