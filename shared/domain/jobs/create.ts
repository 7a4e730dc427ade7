import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { day, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobIndex, jobKey, jobsInProgress } from '../../storage/patterns.ts';
import type { Write } from '../../storage/store.ts';
import type { JobType } from './read.ts';

/** What a job is about. */
export interface NewJob {
  type: JobType;
  /** How many rows it has; 0 while nobody knows, for a job whose first stretch finds out (`Stretch.total`). */
  total: number;
  /** What it works on: JSON values. Read again with `inputOf`, gone when the job is over. */
  input: unknown;
  /** The list or segment that it concerns; shown, and filtered by. */
  list?: string;
  segment?: string;
  /** The flow that it puts people into. */
  flow?: string;
  /** The feed that it pulls. */
  feed?: string;
  /** Its id, and what is written with it, in one transaction. */
  id?: string;
  alongside?: readonly Write[];
  /** So many jobs of the type may be in progress and no more. */
  most?: number;
}

/**
 * Inputs above this many characters go to a file. A job's item is read with every page of jobs and written again with
 * every stretch, so it stays about as small as a unit of reading.
 */
const largestInput = 4000;

/** How long a job, its errors and its profiles are kept. */
const keptFor = 7 * day;

/**
 * Writes a job, `queued`; the change feed has it worked on (`workOnJob`). Answers with its item. A 429 when as many are in
 * progress as may be; calls at the same instant can come to a few more.
 */
export async function createJob(ports: Ports, account: AccountId, job: NewJob): Promise<JobItem> {
  const { type, total, list, segment, feed, flow, most, alongside } = job;
  if (most !== undefined) await refuseCrowd(ports, account, type, most);
  const id = job.id ?? ports.ids.ulid();
  const now = ports.clock.now();
  const text = JSON.stringify(job.input);
  const file = text.length > largestInput ? `${account}/jobs/${id}.json` : undefined;
  if (file !== undefined) await ports.files.put(file, text);
  const item: JobItem = {
    ...jobKey(account, type, id),
    kind: 'job',
    id,
    type,
    status: 'queued',
    created: sortable(now),
    total,
    completed: 0,
    failed: 0,
    skipped: 0,
    ...(list !== undefined && { list }),
    ...(segment !== undefined && { segment }),
    ...(flow !== undefined && { flow }),
    ...(feed !== undefined && { feed }),
    ...(most !== undefined && jobIndex(account, { type, id })),
    ...(file === undefined ? { body: text } : { file }),
    // Down, not up (`expiryAt`): both times are shown cut to their seconds, and stand a week apart.
    expires: Math.floor((now + keptFor) / second),
  };
  const put: Write = { put: item, if: { absent: true } };
  await (alongside ? ports.store.transact([put, ...alongside]) : ports.store.write(put));
  return item;
}

async function refuseCrowd({ store }: Ports, account: AccountId, type: JobType, most: number): Promise<void> {
  const { items } = await store.query({ ...jobsInProgress(account, type), limit: most });
  if (items.length < most) return;
  throw refuse('throttled', `At most ${most} jobs of this kind may be in progress. Wait until some are complete.`);
}
