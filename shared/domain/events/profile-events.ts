// The events of one profile in the order of time, merged out of the ranges of its metrics in the local index.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { pagesOf } from '../../storage/pages.ts';
import { type EventMark, eventsOfProfile, eventsOfProfileFrom, partsOf } from '../../storage/patterns.ts';
import type { Query, Store } from '../../storage/store.ts';

/** How a page of events is cut. Times of the range are `sortable`. */
export interface EventPage {
  range: { from?: string; to?: string };
  size: number;
  newestFirst: boolean;
  position?: string;
}

/** Where an event stands: its time, then its hash, then its metric decide. */
interface Place {
  time: string;
  hash: string;
  metric: string;
}

/** One page of marks of the events of `metrics` of the profile, read consistently. */
export async function profileEvents(
  store: Store,
  account: AccountId,
  { profile, metrics }: { profile: string; metrics: readonly string[] },
  { range, size, newestFirst, position }: EventPage,
): Promise<{ marks: EventMark[]; next?: string }> {
  const start = position === undefined ? undefined : placeOf(position);
  const direction = newestFirst ? -1 : 1;
  const reads = metrics.map((metric) => {
    const query = eventsOfProfile(account, profile, metric, range);
    const rest = start === undefined ? query : eventsOfProfileFrom(query, metric, start, newestFirst);
    // One more to see whether something follows, one more for the event at the position itself.
    return firstOf(store, { ...rest, newestFirst, limit: size + 2 }, size + 2);
  });
  const all = (await Promise.all(reads)).flat().map((mark) => ({ mark, place: placeOfMark(mark) }));
  const rest = all.filter(({ place }) => start === undefined || direction * compare(place, start) > 0);
  rest.sort((a, b) => direction * compare(a.place, b.place));
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > size;
  return { marks: page.map(({ mark }) => mark), ...(more && { next: JSON.stringify(last.place) }) };
}

/** The first `count` items of a query, however its pages fall. */
async function firstOf<T>(store: Store, query: Query<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pagesOf(store, query)) {
    items.push(...page.items);
    if (items.length >= count) break;
  }
  return items.slice(0, count);
}

function placeOfMark(mark: EventMark): Place {
  const [metric = '', time = '', hash = ''] = partsOf(mark.lsk);
  return { time, hash, metric };
}

function compare(a: Place, b: Place): number {
  return order(a.time, b.time) || order(a.hash, b.hash) || order(a.metric, b.metric);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Positions are sealed by the engine, but a cursor may have been made by the other way to list events. */
function placeOf(position: string): Place {
  const { time, hash, metric } = JSON.parse(position) as Partial<Place>;
  if (typeof time === 'string' && typeof hash === 'string' && typeof metric === 'string') return { time, hash, metric };
  throw refuse('invalid_cursor', 'The page cursor is not one that this API gave out.', 'page[cursor]');
}
