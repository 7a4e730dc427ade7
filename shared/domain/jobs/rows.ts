// Jobs whose rows take effect once each: with what a row does goes a note that it was done, in one transaction.
import { ApiError } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem, JobRowItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { jobRowKey, jobRows } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import { type RowError, recordErrors, rowError } from './errors.ts';
import type { Stretch } from './work.ts';

/** The rows of a job and what becomes of each. */
export interface RowWork<Row> {
  rows: readonly Row[];
  /** What a row is about: rows about the same are done in their order. */
  about: (row: Row) => string;
  /** Where a row stands in the request. */
  pointer: (row: number) => string;
  /** Does a row, `once` in the same transaction. An `ApiError` is what is told of the row. */
  apply: (row: Row, once: Put) => Promise<unknown>;
}

const width = 8;

/** Does the rows of a job that were not done yet, all in one stretch. What is refused concerns its row only. */
export async function applyRows<Row>(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  { rows, about, pointer, apply }: RowWork<Row>,
): Promise<Stretch> {
  const done = new Set((await everything(ports.store, jobRows(account, job))).map(({ row }) => row));
  const errors: RowError[] = [];
  const left = [...rows.entries()].filter(([row]) => !done.has(row));
  const together = [...Map.groupBy(left, ([, payload]) => about(payload)).values()];
  await inParallel(together, width, async (group) => {
    for (const [row, payload] of group) {
      const error = await refusalOf(() => apply(payload, onceOf(account, job, row, about(payload))));
      // A twin of this message may have done it meanwhile, and what was refused is its own work.
      if (error === undefined || (await ports.store.get(jobRowKey(account, job, row)))) continue;
      errors.push(rowError(error, { row, pointer: pointer(row), payload }));
    }
  });
  await recordErrors(ports, account, job, { from: 0, to: rows.length - 1, errors });
  return { completed: rows.length - errors.length, failed: errors.length };
}

async function refusalOf(work: () => Promise<unknown>): Promise<ApiError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function onceOf(account: AccountId, job: JobItem, row: number, about: string): Put {
  const put: JobRowItem = { ...jobRowKey(account, job, row), kind: 'job-row', row, about, expires: job.expires };
  return { put, if: { absent: true } };
}

/** The ids of what the rows were about that took effect, in the order of the rows. */
export async function rowsDone(ports: Ports, account: AccountId, job: JobItem): Promise<string[]> {
  const items = await everything(ports.store, jobRows(account, job));
  return [...new Set(items.map(({ about }) => about))];
}
