import type { AccountId } from '../../kernel/ids.ts';
import { day, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobKey } from '../../storage/patterns.ts';
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
}

/**
 * Inputs above this many characters go to a file. A job's item is read with every page of jobs and written again with
 * every stretch, so it stays about as small as a unit of reading.
 */
const largestInput = 4000;

/** How long a job, its errors and its profiles are kept. */
const keptFor = 7 * day;

/** Writes a job, `queued`; the change feed has it worked on (`workOnJob`). Answers with its item. */
export async function createJob(ports: Ports, account: AccountId, job: NewJob): Promise<JobItem> {
  const { type, total, list, segment } = job;
  const id = ports.ids.ulid();
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
    ...(file === undefined ? { body: text } : { file }),
    expires: Math.floor((now + keptFor) / second),
  };
  await ports.store.write({ put: item, if: { absent: true } });
  return item;
}
