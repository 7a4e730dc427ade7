// What a part of a document changes, compared with what the feed made of that part before. Pure: it may be asked again in
// the middle of being carried out, and answers what is left.
import { derivedId } from '../../kernel/ids.ts';
import type { CatalogFeedEntryItem } from '../../storage/items.ts';
import type { Placed } from './parts.ts';
import type { FeedRow } from './row.ts';
import type { CatalogFeedData } from './stored.ts';

/** What became of an item in a run, or of an object that is none. */
export interface Outcome {
  change: CatalogFeedEntryItem['change'] | 'refused';
  id?: string;
  /** Where the object stands in the document, and what is wrong with it. */
  place?: number;
  detail?: string;
}

export interface Comparison {
  /** To be written: the row, its hash, and what is known of it. */
  write: readonly { place: number; row: FeedRow; hash: string; entry?: CatalogFeedEntryItem }[];
  /** Known, and not in the document any more. */
  vanished: readonly CatalogFeedEntryItem[];
  /** Settled: by this run already, or refused. */
  outcomes: readonly Outcome[];
  unchanged: number;
  /** Of items that an earlier run removed: of no use any more. */
  stale: readonly CatalogFeedEntryItem[];
}

/** True of an entry whose item the feed took away. */
export const isGone = ({ change }: Pick<CatalogFeedEntryItem, 'change'>): boolean =>
  change === 'unpublished' || change === 'deleted';

export const hashOf = (row: FeedRow): string => derivedId(22, JSON.stringify(row));

/** Compares the objects of a part with the entries of it. */
export function compare(
  objects: readonly Placed[],
  entries: readonly CatalogFeedEntryItem[],
  run: string,
  vanished: CatalogFeedData['vanished'],
): Comparison {
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const named = new Set<string>();
  const outcomes: Outcome[] = [];
  const write: Comparison['write'][number][] = [];
  let unchanged = 0;
  for (const { place, row } of objects) {
    const { id } = row;
    const detail =
      'detail' in row ? row.detail : id !== undefined && named.has(id) ? 'An item before it has its id.' : '';
    if (id !== undefined) named.add(id);
    if ('detail' in row || detail !== '') {
      outcomes.push({ change: 'refused', place, detail, ...(id !== undefined && { id }) });
      continue;
    }
    const entry = known.get(row.id);
    const hash = hashOf(row);
    if (entry?.hash !== hash) write.push({ place, row, hash, ...(entry && { entry }) });
    else if (entry.run === run) outcomes.push({ change: entry.change, id: row.id });
    else unchanged += 1;
  }
  const missing = entries.filter(({ id }) => !named.has(id));
  const settled = missing.filter((entry) => entry.run === run && entry.hash === '' && isGone(entry));
  return {
    write,
    vanished: vanished === 'keep' ? [] : missing.filter((entry) => !isGone(entry)),
    outcomes: [...outcomes, ...settled.map(({ change, id }): Outcome => ({ change, id }))],
    unchanged,
    stale: missing.filter(({ change, run: of }) => change === 'deleted' && of !== run),
  };
}
