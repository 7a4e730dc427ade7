// Reads sharded index partitions as the one ordered collection that they are.
import { refuse } from '../kernel/errors.ts';
import { compareText } from './range.ts';
import type { Query, Store } from './store.ts';
import { type IndexName, table } from './table.ts';
import { malformed } from './values.ts';

export interface MergeOptions {
  /** At most this many items; fewer only at the end. */
  size: number;
  newestFirst?: boolean;
  /** Where the page before ended: its `next`. */
  position?: string;
}

/** What indexes hold of an item: its sort key there. */
export type Placed = { readonly [Sort in (typeof table.indexes)[IndexName]['sort']]?: string };

/** Where an item stands: its sort key in the index, and the partition that decides between equal ones. */
interface Place {
  sort: string;
  partition: string;
}

function placeIn<T extends Placed>({ index, partition }: Query<T>, item: T): Place {
  if (index === undefined) throw malformed('Only what indexes hold is merged.');
  return { sort: item[table.indexes[index].sort] ?? '', partition };
}

interface Source<T> {
  query: Query<T>;
  waiting: T[];
  /** Where to read on; absent at the start. */
  after?: string;
  ended: boolean;
}

/**
 * One page of the items of all `queries`, in the order of the index (partitions break ties), read no further than needed.
 * The position stays valid while items come and go, and when queries join or leave between pages.
 * Throws the refusal `invalid_cursor` on a position that it did not make.
 */
export async function mergedPage<T extends Placed>(
  store: Store,
  queries: readonly Query<T>[],
  options: MergeOptions,
): Promise<{ items: T[]; next?: string }> {
  const { size, newestFirst = false, position } = options;
  const start = position === undefined ? undefined : placeOf(position);
  const share = Math.ceil((size + 1) / Math.max(queries.length, 1)) + 1;
  const sources = queries.map((query) => open(query, newestFirst, share, start));
  const keep = (place: Place) => start === undefined || inOrder(start, place, newestFirst);

  const items: T[] = [];
  let last: Place | undefined;
  for (;;) {
    const source = await foremost(store, sources, keep, newestFirst);
    if (source === undefined) return { items };
    if (items.length === size && last !== undefined)
      return { items, next: JSON.stringify([last.sort, last.partition]) };
    const item = source.waiting.shift();
    if (item === undefined) return { items };
    items.push(item);
    last = placeIn(source.query, item);
  }
}

/** The query from the start on: `begins` becomes a range, because a position narrows it. */
function open<T>(query: Query<T>, newestFirst: boolean, limit: number, start?: Place): Source<T> {
  const { begins, ...rest } = query;
  const from = begins ?? query.from;
  const to = begins === undefined ? query.to : `${begins}\u{10ffff}`;
  const low = newestFirst ? from : (start?.sort ?? from);
  const high = newestFirst ? (start?.sort ?? to) : to;
  return {
    query: {
      ...rest,
      newestFirst,
      limit,
      ...(low !== undefined && { from: low }),
      ...(high !== undefined && { to: high }),
    },
    waiting: [],
    ended: false,
  };
}

/** The source whose next item comes first; sources that ran dry are read on before anything is compared. */
async function foremost<T extends Placed>(
  store: Store,
  sources: readonly Source<T>[],
  keep: (place: Place) => boolean,
  newestFirst: boolean,
): Promise<Source<T> | undefined> {
  await Promise.all(sources.map((source) => refill(store, source, keep)));
  let best: { source: Source<T>; place: Place } | undefined;
  for (const source of sources) {
    const head = source.waiting[0];
    if (head === undefined) continue;
    const place = placeIn(source.query, head);
    if (best === undefined || inOrder(place, best.place, newestFirst)) best = { source, place };
  }
  return best?.source;
}

async function refill<T extends Placed>(
  store: Store,
  source: Source<T>,
  keep: (place: Place) => boolean,
): Promise<void> {
  while (source.waiting.length === 0 && !source.ended) {
    const { query, after } = source;
    const page = await store.query<T>(after === undefined ? query : { ...query, after });
    source.waiting = page.items.filter((item) => keep(placeIn(query, item)));
    source.ended = page.next === undefined;
    if (page.next !== undefined) source.after = page.next;
  }
}

/** True when `a` comes strictly before `b`. */
function inOrder(a: Place, b: Place, newestFirst: boolean): boolean {
  const [first, second] = newestFirst ? [b, a] : [a, b];
  return (compareText(first.sort, second.sort) || compareText(first.partition, second.partition)) < 0;
}

function placeOf(position: string): Place {
  const [sort, partition] = parsed(position);
  if (typeof sort !== 'string' || typeof partition !== 'string') throw badPosition();
  return { sort, partition };
}

function parsed(position: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(position);
    return Array.isArray(parts) ? parts : [];
  } catch {
    throw badPosition();
  }
}

const badPosition = () =>
  refuse('invalid_cursor', 'The page cursor is not one that this API gave out.', 'page[cursor]');
