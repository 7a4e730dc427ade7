import type { AccountId } from '../../kernel/ids.ts';
import type { ParsedQuery } from '../../jsonapi/operation.ts';
import type { Filter, FilterSpec } from '../../jsonapi/query/filter.ts';
import type { Ports } from '../../ports.ts';
import { pagesOf } from '../../storage/pages.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobsOfType } from '../../storage/patterns.ts';
import { jobProgress } from './progress.ts';
import { type JobType, isExpired } from './read.ts';

/** What jobs may be filtered by; operations choose among these. */
export const jobFilters = {
  status: { operators: ['any', 'equals'], type: 'string', values: ['queued', 'processing', 'complete'] },
  /** As the jobs of catalogs and coupons are filtered. */
  bulk_status: { operators: ['equals'], type: 'string', values: jobProgress.status.options },
  list_id: { operators: ['equals'], type: 'string' },
  segment_id: { operators: ['equals'], type: 'string' },
} as const satisfies FilterSpec;

/** Jobs read for one page at most: a page that has come so far ends early, with a position to go on from. */
const mostRead = 5000;

/**
 * One page of the jobs of a type that the query's filters (`jobFilters`) leave: newest first, unless the query sorts
 * ascending. Jobs come and go meanwhile without upsetting the pages after. A page may be short though more follow.
 */
export async function listJobs(
  ports: Ports,
  account: AccountId,
  type: JobType,
  query: Pick<ParsedQuery, 'filters' | 'sort' | 'page'>,
): Promise<{ jobs: JobItem[]; next?: string }> {
  const { size, position } = query.page;
  const newestFirst = query.sort?.descending ?? true;
  const fits = (job: JobItem) => !isExpired(ports, job) && query.filters.every((filter) => holds(filter, job));
  const jobs: JobItem[] = [];
  let read = 0;
  const from = position !== undefined && { [newestFirst ? 'to' : 'from']: position };
  for await (const page of pagesOf(ports.store, { ...jobsOfType(account, type), ...from, newestFirst, limit: 500 })) {
    let last = position;
    for (const job of page.items.filter(({ id }) => id !== position)) {
      if (jobs.length === size && fits(job)) return { jobs, ...(last !== undefined && { next: last }) };
      if (fits(job)) jobs.push(job);
      last = job.id;
    }
    read += page.items.length;
    if (read >= mostRead && page.next !== undefined && last !== undefined) return { jobs, next: last };
  }
  return { jobs };
}

const fields: Readonly<Record<string, (job: JobItem) => string | undefined>> = {
  status: (job) => job.status,
  list_id: (job) => job.list,
  segment_id: (job) => job.segment,
  feed_id: (job) => job.feed,
};

function holds({ field, values }: Filter, job: JobItem): boolean {
  const value = fields[field]?.(job);
  return value !== undefined && values.includes(value);
}
