// A job is worked on in stretches. Each ends with one conditional write that moves the cursor and adds up the counts;
// the change feed turns a moved cursor into the message for the next stretch. Whatever fails before that write is done
// again by the same message, so that a stretch may happen twice but counts once.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobCount, JobItem } from '../../storage/items.ts';
import { jobKey } from '../../storage/patterns.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import type { Update } from '../../storage/store.ts';
import { type JobType, isExpired, isOver } from './read.ts';

/** What a message asks for: one stretch of one job, from `cursor` on; without one, the first. */
export interface JobTurn {
  id: string;
  cursor?: string;
}

/** Takes the turns of one type of jobs; made of `workOnJob`. */
export type JobWorker = (ports: Ports, account: AccountId, turn: JobTurn) => Promise<void>;

/** What one stretch did. */
export interface Stretch {
  /** Where the next stretch begins, in the words of the job's own work; absent when the job is complete with this one. */
  cursor?: string;
  /** How many rows the job has, when that is learned here. */
  total?: number;
  /** Rows of this stretch alone, by their outcome; `skipped` is 0 when not given. */
  completed: number;
  failed: number;
  skipped?: number;
  /** What else the job counts. */
  counts?: Readonly<Partial<Record<JobCount, number>>>;
  /** Why the job as a whole did nothing; only of the last stretch. */
  refusal?: string;
}

/**
 * Does one stretch of a job. `work` must be one that may be done twice; what it throws makes the message come again.
 * Nothing happens when the job is over, has expired, or is past the turn's cursor. The input goes when the job is over.
 */
export async function workOnJob(
  ports: Ports,
  account: AccountId,
  { type, id, cursor }: JobTurn & { type: JobType },
  work: (job: JobItem) => Promise<Stretch>,
): Promise<void> {
  const job = await ports.store.get(jobKey(account, type, id));
  if (job === undefined || isExpired(ports, job)) return;
  // Who completed it may have died before the input was removed.
  if (isOver(job)) return removeInput(ports, job);
  if (job.cursor !== cursor) return;
  // A twin of this message may be faster: then what was to be written stands there.
  if (job.status === 'queued') await writeIfStill(ports.store, started(ports, job));
  const stretch = await work(job);
  await writeIfStill(ports.store, progressed(ports, job, stretch));
  if (stretch.cursor === undefined) await removeInput(ports, job);
}

function started(ports: Ports, job: JobItem): Update {
  const set = { status: 'processing', started: sortable(ports.clock.now()) };
  return { update: keyOf(job), set, if: { equals: { status: 'queued' } } };
}

function progressed(
  ports: Ports,
  job: JobItem,
  { cursor, total, completed, failed, skipped = 0, counts, refusal }: Stretch,
): Update {
  const isLast = cursor === undefined;
  return {
    update: keyOf(job),
    set: {
      ...(total !== undefined && { total }),
      ...(refusal !== undefined && { refusal }),
      ...(isLast ? { status: 'complete', finished: sortable(ports.clock.now()) } : { cursor }),
    },
    ...(isLast && { remove: ['body', 'gpk', 'gsk'] }),
    add: { completed, failed, skipped, ...counts },
    if: { equals: { status: 'processing', cursor: job.cursor } },
  };
}

const keyOf = ({ pk, sk }: JobItem) => ({ pk, sk });

async function removeInput(ports: Ports, { file }: JobItem): Promise<void> {
  if (file !== undefined) await ports.files.remove(file);
}
