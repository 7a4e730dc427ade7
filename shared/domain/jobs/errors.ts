// What went wrong with single rows of a job: an item for each, beside the job, kept as long as the job.
import { type ApiError, errorCatalogue } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import type { JobErrorItem, JobItem } from '../../storage/items.ts';
import { isScrubbed, quotesOf, scrubForgotten } from '../identity/index.ts';
import { everything } from '../../storage/pages.ts';
import { jobErrorKey, jobErrors, refusedRowIndex } from '../../storage/patterns.ts';
import { removalOf } from '../../storage/store.ts';

/** Why a row was refused. */
export interface RowError {
  /** The row's place in the job, from 0. */
  row: number;
  code: string;
  title: string;
  detail: string;
  /** A JSON pointer into the request that made the job. */
  pointer: string;
  /** The row as it was sent; a JSON value. */
  payload: unknown;
}

/**
 * The first fault of a refusal, told of a row that stands at `pointer` in the request. The refusal's own pointers are
 * those of a document that holds nothing but the row: `/data/attributes/email`.
 */
export function rowError(
  error: ApiError,
  { row, pointer, payload }: Pick<RowError, 'row' | 'pointer' | 'payload'>,
): RowError {
  const [{ code, detail, source }] = error.faults;
  const within = source?.pointer?.replace(/^\/data(?=\/|$)/, '') ?? '';
  return { row, code, title: errorCatalogue[code].title, detail, pointer: `${pointer}${within}`, payload };
}

/**
 * Records all errors of the rows `from` to `to` (inclusive): what an earlier try recorded of these rows is replaced, unless it
 * changed since this one looked: whoever was held up must not bring back what was scrubbed (seed 165). Nothing is kept of
 * people who are forgotten, before or later.
 */
export async function recordErrors(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  { from, to, errors }: { from: number; to: number; errors: readonly RowError[] },
): Promise<void> {
  const before = await everything(ports.store, jobErrors(account, job, from, to));
  const rows = new Set(errors.map(({ row }) => row));
  const knownOf = new Map(before.map((item) => [item.row, item]));
  await ports.store.writeMany([
    ...before.filter(({ row }) => !rows.has(row)).map(removalOf),
    ...(await quotesOf(ports, account, job, errors)),
  ]);
  await inParallel(errors, 25, async (error) => {
    const known = knownOf.get(error.row);
    if (known !== undefined && isScrubbed(known)) return;
    const unchanged = known ? { equals: { payload: known.payload, detail: known.detail } } : { absent: true as const };
    await writeIfStill(ports.store, { put: errorItem(account, job, error), if: unchanged });
  });
  await scrubForgotten(ports, account, job, errors);
}

function errorItem(account: AccountId, job: JobItem, { payload, ...error }: RowError): JobErrorItem {
  return {
    ...jobErrorKey(account, job, error.row),
    ...refusedRowIndex(account, job, error.row),
    kind: 'job-error',
    ...error,
    payload: JSON.stringify(payload),
    expires: job.expires,
  };
}

/** One page of the errors of a job, in the order of its rows. */
export async function errorsOfJob(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  { size, position }: { size: number; position?: string },
): Promise<{ errors: RowError[]; next?: string }> {
  const errors: RowError[] = [];
  let from = position === undefined ? 0 : Number(position);
  for (;;) {
    const page = await ports.store.query({ ...jobErrors(account, job, from), limit: size - errors.length });
    errors.push(...page.items.map(errorOf));
    const last = page.items.at(-1);
    if (page.next === undefined || last === undefined) return { errors };
    from = last.row + 1;
    if (errors.length === size) return { errors, next: String(from) };
  }
}

function errorOf({ row, code, title, detail, pointer, payload }: JobErrorItem): RowError {
  return { row, code, title, detail, pointer, payload: JSON.parse(payload) };
}
