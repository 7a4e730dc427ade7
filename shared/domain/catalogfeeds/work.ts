// Runs: first the document is laid by, then it is applied part by part. The cursor names the try that laid it by and the
// next part, so that of two workers with the same message one goes on.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { JobCount, JobItem } from '../../storage/items.ts';
import { definitionKey, feedParts, feedStateKey, jobKey } from '../../storage/patterns.ts';
import { type JobWorker, type Stretch, inputOf, isOver, workOnJob } from '../jobs/index.ts';
import type { Work } from './apply.ts';
import { layByDocument } from './fetch.ts';
import { doPart } from './part.ts';
import { type Laid, removeParts } from './parts.ts';
import { FeedRefused } from './reader.ts';
import { type CatalogFeedData, catalogFeedData } from './stored.ts';

/** What a run works on. */
export interface FeedRun {
  feed: string;
  version: number;
}

/** Objects after which a run notes how far it came, and gives way to others. */
const stretchSize = 4000;

const nothing = { completed: 0, failed: 0 } as const;

/** Works on a run of a feed. What was laid by goes when the run is over, and not before. */
const feedRunWorker: JobWorker = async (ports, account, turn) => {
  await workOnJob(ports, account, { ...turn, type: 'catalog-feed-run' }, async (job) => {
    try {
      const { feed, data } = await feedOf(ports, account, job);
      if (job.cursor === undefined) return await pull(ports, account, job, data);
      return await goOn({ ports, account, feed, run: job.id }, job.cursor, data);
    } catch (error) {
      if (error instanceof FeedRefused) return { ...nothing, refusal: error.message };
      throw error;
    }
  });
  if (turn.cursor === undefined) return;
  const job = await ports.store.get(jobKey(account, 'catalog-feed-run', turn.id));
  if (!job || isOver(job)) await removeParts(ports, account, { run: turn.id, attempt: placeOf(turn.cursor).attempt });
};

/** A cursor: the try that laid the document by, and the next part. */
function placeOf(cursor: string): { attempt: string; part: number } {
  const [attempt = '', part = '0'] = cursor.split('.');
  return { attempt, part: Number(part) };
}

export const catalogFeedWorkers = { 'catalog-feed-run': feedRunWorker };

/** The feed of a run; refuses to go on by what does not hold any more. */
async function feedOf(
  ports: Ports,
  account: AccountId,
  job: JobItem,
): Promise<{ feed: string; data: CatalogFeedData }> {
  const { feed, version } = (await inputOf(ports, job)) as FeedRun;
  const [item, state] = await Promise.all([
    ports.store.get(definitionKey(account, 'catalog-feed', feed)),
    ports.store.get(feedStateKey(account, feed)),
  ]);
  if (!item) throw new FeedRefused('The feed was removed.');
  if (item.version !== version) throw new FeedRefused('The feed was changed; it is pulled anew.');
  if (state?.run !== job.id) throw new FeedRefused('Another run took its place.');
  return { feed, data: catalogFeedData(item) };
}

async function pull(ports: Ports, account: AccountId, job: JobItem, data: CatalogFeedData): Promise<Stretch> {
  const attempt = ports.ids.short();
  const total = await layByDocument(ports, account, data, { run: job.id, attempt });
  // What answers nothing at all is more often broken than sold out.
  if (total === 0) throw new FeedRefused('It holds no item.');
  return { ...nothing, total, cursor: `${attempt}.0` };
}

async function goOn(work: Work, cursor: string, data: CatalogFeedData): Promise<Stretch> {
  const { attempt, part: first } = placeOf(cursor);
  const laid: Laid = { run: work.run, attempt };
  const stretch = { completed: 0, failed: 0, counts: {} as Partial<Record<JobCount, number>> };
  let part = first;
  for (let seen = 0; part < feedParts && seen < stretchSize; part += 1) {
    const done = await doPart(work, laid, part, data);
    seen += done.seen;
    stretch.completed += done.completed;
    stretch.failed += done.failed;
    for (const [name, count] of Object.entries(done.counts) as [JobCount, number][])
      stretch.counts[name] = (stretch.counts[name] ?? 0) + count;
  }
  return part < feedParts ? { ...stretch, cursor: `${attempt}.${part}` } : stretch;
}
