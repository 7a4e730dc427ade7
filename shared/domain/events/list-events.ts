// GET /api/events: one order of time out of many partitions.
import type { AccountId } from '../../kernel/ids.ts';
import type { ParsedQuery, QuerySpec } from '../../jsonapi/operation.ts';
import type { Filter } from '../../jsonapi/query/filter.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { mergedPage } from '../../storage/merge.ts';
import { type FeedMark, eventAt, profileOf, stateKey } from '../../storage/patterns.ts';
import { allMetrics, feedOf, metricsOf } from './metrics.ts';
import { type EventPage, profileEvents } from './profile-events.ts';
import { timeRange } from './time-range.ts';

const order = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'] as const;

/** What may be asked of get_events. Every event has its profile and its metric: `has` leaves none out. */
export const eventsQuery = {
  filter: {
    metric_id: { operators: ['equals'], type: 'string' },
    profile_id: { operators: ['equals'], type: 'string' },
    profile: { operators: ['has'], type: 'string' },
    metric: { operators: ['has'], type: 'string' },
    datetime: { operators: order, type: 'datetime' },
    timestamp: { operators: order, type: 'number' },
  },
  sort: ['datetime', 'timestamp'],
  page: { default: 200, max: 1000 },
} as const satisfies QuerySpec;

/** Bytes of bodies that one answer may hold: Lambda answers with 6 MB at most. */
const largestPage = 5 * 1024 * 1024;

/** A page of events, newest first unless the query's sort says otherwise; shorter than asked for when it grows too large. */
export async function listEvents(
  ports: Ports,
  account: AccountId,
  query: ParsedQuery,
): Promise<{ items: EventItem[]; next?: string }> {
  const page = await pageOf(ports, account, query);
  const fitting = countFitting(page.items);
  if (fitting >= page.items.length) return page;
  return pageOf(ports, account, { ...query, page: { ...query.page, size: fitting } });
}

/** How many of the events fit into one answer, at least one. A body in a file counts as the largest there can be. */
function countFitting(items: readonly EventItem[]): number {
  let bytes = 0;
  const over = items.findIndex(({ body }) => {
    bytes += body === undefined ? largestPage : Buffer.byteLength(body);
    return bytes > largestPage;
  });
  return over === -1 ? items.length : Math.max(1, over);
}

async function pageOf(
  ports: Ports,
  account: AccountId,
  { filters, page, sort }: ParsedQuery,
): Promise<{ items: EventItem[]; next?: string }> {
  const profile = named(filters, 'profile_id');
  const metric = named(filters, 'metric_id');
  const range = timeRange(filters, ['datetime', 'timestamp']);
  if (profile === null || metric === null || range === undefined) return { items: [] };
  const options = {
    range,
    size: page.size,
    newestFirst: sort?.descending ?? true,
    ...(page.position !== undefined && { position: page.position }),
  };
  const { marks, next } =
    profile === undefined
      ? await accountPage(ports, account, metric, options)
      : await profilePage(ports, account, profile, metric, options);
  const items = await ports.store.getMany(marks.map((mark) => eventAt(account, profileOf(mark), mark.sk)));
  return { items: items.filter((item) => item !== undefined), ...(next !== undefined && { next }) };
}

async function accountPage(ports: Ports, account: AccountId, metric: string | undefined, options: EventPage) {
  const { range, ...cut } = options;
  const metrics = metric === undefined ? await allMetrics(ports, account) : await metricsOf(ports, account, [metric]);
  const queries = metrics.flatMap((one) => feedOf(account, one, range));
  const { items, next } = await mergedPage<FeedMark>(ports.store, queries, cut);
  return { marks: items, next };
}

async function profilePage(
  ports: Ports,
  account: AccountId,
  profile: string,
  metric: string | undefined,
  options: EventPage,
) {
  const state = metric === undefined ? await ports.store.get(stateKey(account, profile)) : undefined;
  const metrics = metric === undefined ? Object.keys(state?.metrics ?? {}) : [metric];
  return profileEvents(ports.store, account, { profile, metrics }, options);
}

/** The one id that equals-filters of the field name; null when they name different ones, undefined when there are none. */
function named(filters: readonly Filter[], field: string): string | null | undefined {
  const ids = new Set(
    filters
      .filter((filter) => filter.field === field)
      .flatMap(({ values }) => values.filter((value) => typeof value === 'string')),
  );
  return ids.size > 1 ? null : [...ids][0];
}
