// The events of a metric as the feed shows them: when, whose, and worth what.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { pagesOf } from '../../storage/pages.ts';
import { type FeedMark, eventsOfMetric, everyShard } from '../../storage/patterns.ts';

/** What the feed shows of an event. */
export type EventEntry = FeedMark & { value?: number };

/** A stretch of time, its end not in it. */
export interface Stretch {
  from: Instant;
  to: Instant;
}

/** The entries of a metric in a stretch of time, a page at a time. */
export async function* entriesOf(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  metric: string,
  { from, to }: Stretch,
): AsyncGenerator<EventEntry[]> {
  const within = { from: sortable(from), to: sortable(to - 1) };
  for (const shard of everyShard) {
    for await (const { items } of pagesOf(ports.store, eventsOfMetric(account, metric, shard, within))) yield items;
  }
}
