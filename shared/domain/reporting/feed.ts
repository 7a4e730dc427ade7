// The events of a metric as the feed shows them: when, whose, and worth what.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { pagesOf } from '../../storage/pages.ts';
import { type FeedMark, eventAt, eventsOfMetric, partsOf, profileOf } from '../../storage/patterns.ts';
import { feedShards, readEventBody, saidOfDimensions } from '../events/index.ts';

/** What the feed shows of an event. */
export type EventEntry = FeedMark & { value?: number; dims?: string };

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
  for (const shard of await feedShards(ports, account, metric)) {
    for await (const { items } of pagesOf(ports.store, eventsOfMetric(account, metric, shard, within))) yield items;
  }
}

/** When the event of an entry happened. */
export const timeOfEntry = (entry: EventEntry): Instant => instantOf(partsOf(entry.gsk)[0] ?? '');

/** What the event of an entry is worth and said of the dimensions. */
export interface Telling {
  entry: EventEntry;
  dims: string;
}

/**
 * What events said, as far as their entries carry it; the others are read, each a unit. `reading` hears beforehand how many.
 * Events that are gone by then are left out.
 */
export async function tellingsOf(
  ports: Pick<Ports, 'store' | 'files'>,
  account: AccountId,
  entries: readonly EventEntry[],
  reading: (events: number) => void = () => undefined,
): Promise<Telling[]> {
  const silent = entries.filter(({ dims }) => dims === undefined);
  reading(silent.length);
  const events = await ports.store.getMany(silent.map((entry) => eventAt(account, profileOf(entry), entry.sk)));
  const said = new Map<EventEntry, string>();
  for (const [i, event] of events.entries()) {
    const entry = silent[i];
    if (entry && event) said.set(entry, saidOfDimensions(await readEventBody(ports, event)));
  }
  return entries.flatMap((entry) => {
    const dims = entry.dims ?? said.get(entry);
    return dims === undefined ? [] : [{ entry, dims }];
  });
}
