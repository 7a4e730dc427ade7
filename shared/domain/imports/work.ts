// Bulk import jobs: many profiles, each created or changed as profile-import would do it, in batches.
import { ApiError } from '../../kernel/errors.ts';
import { instantOf } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { joinList } from '../consent/index.ts';
import {
  type ProfileInput,
  type ProfileRequest,
  largestProfile,
  nameable,
  profileInput,
  upsertProfiles,
} from '../identity/index.ts';
import {
  type JobWorker,
  type RowError,
  type Stretch,
  inputOf,
  recordErrors,
  rowError,
  workOnJob,
} from '../jobs/index.ts';
import { profilesBefore, recordProfiles } from './profiles.ts';

/** A row as it was sent: a profile resource. */
export type ImportRow = ProfileRequest & { type: 'profile' };

/** The input of an import job. */
export interface ImportJob {
  rows: readonly ImportRow[];
}

/** Rows whose profiles are read together; rows of one person within a batch become one write. */
const batchSize = 100;
/** Rows after which a job notes how far it came, and gives way to others. */
const stretchSize = 20 * batchSize;

/** Where a row stands in the request. */
export const rowPointer = (row: number) => `/data/attributes/profiles/data/${row}`;

/** Works on an import job; the cursor is the number of rows that are done. */
export const importWorker: JobWorker = (ports, account, turn) =>
  workOnJob(ports, account, { ...turn, type: 'import' }, async (job) => {
    const { rows } = (await inputOf(ports, job)) as ImportJob;
    const from = Number(job.cursor ?? 0);
    const to = Math.min(from + stretchSize, rows.length);
    const known = await profilesBefore(ports, account, job, from);
    let failed = 0;
    for (let start = from; start < to; start += batchSize) {
      const batch = rows.slice(start, Math.min(start + batchSize, to));
      failed += await importBatch(ports, account, { job, rows: batch, start, known });
    }
    const stretch: Stretch = { completed: to - from - failed, failed };
    return to < rows.length ? { ...stretch, cursor: String(to) } : stretch;
  });

interface Batch {
  job: JobItem;
  rows: readonly ImportRow[];
  /** The place of the first of the rows. */
  start: number;
  /** The profiles of earlier rows; those of this batch join them. */
  known: Set<string>;
}

/** Imports the rows of a batch and answers how many of them failed. */
async function importBatch(ports: Ports, account: AccountId, { job, rows, start, known }: Batch): Promise<number> {
  const read = rows.map(inputOrRefusal);
  const inputs = read.flatMap((one) => (one instanceof ApiError ? [] : [one]));
  const outcomes = (await upsertProfiles(ports, account, inputs, instantOf(job.created))).values();
  const errors: RowError[] = [];
  const profiles: string[] = [];
  for (const [i, one] of read.entries()) {
    const outcome = one instanceof ApiError ? { refused: one } : outcomes.next().value;
    if (outcome === undefined) throw new Error('An input has no outcome.');
    if ('profile' in outcome) profiles.push(outcome.profile);
    else errors.push(rowError(outcome.refused, { row: start + i, pointer: rowPointer(start + i), payload: rows[i] }));
  }
  if (job.list !== undefined && profiles.length > 0) await joinList(ports, account, job.list, profiles);
  await Promise.all([
    recordProfiles(ports, account, job, { row: start, profiles, known }),
    recordErrors(ports, account, job, { from: start, to: start + rows.length - 1, errors }),
  ]);
  return errors.length;
}

function inputOrRefusal(row: ImportRow): ProfileInput | ApiError {
  try {
    return profileInput(row, { pointer: '/data', largest: largestProfile, identified: nameable.imported });
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
