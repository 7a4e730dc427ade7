// One order of time out of the feeds of what was recorded, what was told again and what was refused.
import type { ParsedQuery, QuerySpec } from '../../jsonapi/operation.ts';
import { textsIn } from '../../jsonapi/query/filter.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import {
  type FeedMark,
  droppedInOrder,
  everyShard,
  refusedRows,
  repeatedOfMetric,
  shardsUpTo,
} from '../../storage/patterns.ts';
import { siftedPage } from '../../storage/sifted.ts';
import type { Key, Query } from '../../storage/store.ts';
import { feedOf, type Metric, allMetrics, findMetric, timeRange } from '../events/index.ts';
import { type Status, type Told, statuses } from './records.ts';

/** What may be asked of the log. */
export const ingestionQuery = {
  filter: {
    status: { operators: ['any', 'equals'], type: 'string', values: statuses },
    metric_id: { operators: ['equals'], type: 'string' },
    time: { operators: ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'], type: 'datetime' },
  },
  sort: ['time'],
  page: { default: 100, max: 1000 },
} as const satisfies QuerySpec;

type Range = { from: string; to: string };

/** A page of the log, newest first unless the query's sort says otherwise, and the metrics that it speaks of. */
export async function listTold(
  ports: Ports,
  account: AccountId,
  { filters, page, sort }: ParsedQuery,
): Promise<{ items: Told[]; metrics: ReadonlyMap<string, Metric>; next?: string }> {
  const range = timeRange(filters, ['time']);
  const asked = textsIn(filters, 'metric_id');
  const metrics = await metricsAsked(ports, account, asked);
  const wanted = statuses.filter((status) =>
    filters.every(({ field, values }) => field !== 'status' || values.includes(status)),
  );
  const byId = new Map(metrics.map((metric) => [metric.id, metric]));
  if (range === undefined) return { items: [], metrics: byId };
  const queries = wanted.flatMap((status) => sources[status](account, { range, metrics, all: asked.length === 0 }));
  const found = await siftedPage<FeedMark, Told>(
    ports.store,
    queries,
    {
      size: page.size,
      newestFirst: sort?.descending ?? true,
      ...(page.position !== undefined && { position: page.position }),
    },
    async (marks) => {
      const items = await ports.store.getMany<Told>(marks.map(({ pk, sk }): Key<Told> => ({ pk, sk })));
      const there = items.filter((item) => item !== undefined);
      return asked.length === 0 ? there : there.filter((item) => isOf(item, metrics));
    },
  );
  return { ...found, metrics: byId };
}

/** Lost events are filed by time alone: their metric may never have come into being. */
const isOf = (item: Told, metrics: readonly Metric[]): boolean =>
  item.kind !== 'dropped' ||
  metrics.some(({ name, service }) => item.metric_name === name && item.metric_service === service);

/** Without a condition all metrics; none when conditions name different ones, or one that there is not. */
async function metricsAsked(ports: Ports, account: AccountId, asked: readonly string[]): Promise<Metric[]> {
  const [id, ...others] = new Set(asked);
  if (id === undefined) return allMetrics(ports, account);
  const metric = others.length > 0 ? undefined : await findMetric(ports, account, id);
  return metric ? [metric] : [];
}

interface Asked {
  range: Range;
  metrics: readonly Metric[];
  /** No metric was asked for: rows of jobs, which have none, come too. */
  all: boolean;
}

/** The feeds that hold what has a status. */
const sources: Readonly<Record<Status, (account: AccountId, asked: Asked) => Query<FeedMark>[]>> = {
  accepted: (account, { range, metrics }) => metrics.flatMap((one) => feedOf(account, one, range)),
  duplicate: (account, { range, metrics }) =>
    metrics.flatMap(({ id, spread }) => shardsUpTo(spread).map((shard) => repeatedOfMetric(account, id, shard, range))),
  refused: (account, { range, all }) =>
    everyShard.flatMap((shard) => [
      droppedInOrder(account, shard, range),
      ...(all ? [refusedRows(account, shard, range)] : []),
    ]),
};
