// Makes the catalog say what a feed says. Each write of an item goes with a note of it in one transaction, so that what was
// done stays known, and counts once, wherever a run is cut off.
import { ApiError, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { type CatalogFeedEntryItem, type CatalogItemItem, type FeedChange } from '../../storage/items.ts';
import { catalogKey, definitionKey, feedEntryKey } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import {
  compoundId,
  createCategory,
  createItem,
  createVariant,
  removeEntry,
  updateItem,
  updateVariant,
} from '../catalog/index.ts';
import { isGone } from './compare.ts';
import type { FeedRow } from './row.ts';

/** A run of a feed, at work. */
export interface Work {
  ports: Ports;
  account: AccountId;
  feed: string;
  run: string;
}

/** The note of a change, to be written with it; fails when another run has changed the item meanwhile. */
function noteOf({ account, feed, run }: Work, id: string, note: Noted, entry?: CatalogFeedEntryItem): Put {
  const put: CatalogFeedEntryItem = {
    ...feedEntryKey(account, feed, id),
    kind: 'catalog-feed-entry',
    id,
    run,
    ...note,
  };
  return { put, if: entry ? { equals: { hash: entry.hash, run: entry.run } } : { absent: true } };
}

type Noted = Pick<CatalogFeedEntryItem, 'hash' | 'change'>;

/** Category names are their external ids too: the feed knows no others. */
export async function ensureCategories({ ports, account }: Work, rows: readonly FeedRow[]): Promise<void> {
  const names = [...new Set(rows.flatMap(({ categories = [] }) => categories))];
  const found = await ports.store.getMany(
    names.map((name) => catalogKey(account, 'catalog-category', compoundId(name))),
  );
  const missing = names.filter((_, at) => found[at] === undefined);
  await inParallel(missing, 8, async (name) => {
    try {
      await createCategory(ports, account, { type: 'catalog-category', attributes: { external_id: name, name } });
    } catch (error) {
      // Somebody else made it just now.
      if (!(error instanceof ApiError && error.faults[0].code === 'conflict')) throw error;
    }
  });
}

const soldBy = ({ title, description, link, image_link }: FeedRow) => ({
  title,
  description,
  url: link,
  image_full_url: image_link ?? null,
  published: true,
});

/** True of an item that another feed says something of. */
const isForeign = ({ feed }: Work, item: CatalogItemItem): boolean => item.feed !== undefined && item.feed !== feed;

/** The item becomes that of the feed, unless it is one of another feed that is still there: a 409. */
async function claimOf(work: Work, there: CatalogItemItem | undefined) {
  const { ports, account, feed } = work;
  const of = there && isForeign(work, there) ? there.feed : undefined;
  const isLeft = of !== undefined && (await ports.store.get(definitionKey(account, 'catalog-feed', of))) === undefined;
  return (entry?: CatalogItemItem): { feed: string } => {
    if (entry && isForeign(work, entry) && !(isLeft && entry.feed === of))
      throw refuse('conflict', `Its item is one of the feed ${entry.feed ?? ''}.`, '/data/id');
    return { feed };
  };
}

/**
 * Creates or changes the item of a row and, where the row tells of a stock, a variant of the item's own id: what restocks,
 * price drops and low stocks are seen by. Throws the `ApiError` of what cannot be.
 */
export async function writeRow(
  work: Work,
  { row, hash, entry }: { row: FeedRow; hash: string; entry?: CatalogFeedEntryItem },
): Promise<FeedChange> {
  const { ports, account, run } = work;
  const id = compoundId(row.id);
  const stocked = row.inventory_quantity !== undefined;
  const there = await ports.store.get(catalogKey(account, 'catalog-item', id));
  const change = entry?.run === run && !isGone(entry) ? entry.change : there ? 'updated' : 'created';
  const first = noteOf(work, row.id, { hash: stocked ? '' : hash, change }, entry);
  const attributes = { ...soldBy(row), price: row.price ?? null };
  const links = row.categories?.map((name) => ({ type: 'catalog-category' as const, id: compoundId(name) }));
  const relationships = links && { categories: { data: links } };
  const claim = await claimOf(work, there);
  if (there) await updateItem(ports, account, { type: 'catalog-item', id, attributes, relationships }, [first], claim);
  else {
    const made = { ...attributes, external_id: row.id };
    await createItem(ports, account, { type: 'catalog-item', attributes: made, relationships }, [first], claim);
  }
  if (stocked) await writeVariant(work, row, noteOf(work, row.id, { hash, change }, first.put as CatalogFeedEntryItem));
  return change;
}

async function writeVariant({ ports, account }: Work, row: FeedRow, note: Put): Promise<void> {
  const id = compoundId(row.id);
  const attributes = {
    ...soldBy(row),
    sku: row.id,
    price: row.price ?? 0,
    inventory_quantity: row.inventory_quantity ?? 0,
    inventory_policy: row.inventory_policy ?? 0,
  };
  if (await ports.store.get(catalogKey(account, 'catalog-variant', id))) {
    await updateVariant(ports, account, { type: 'catalog-variant', id, attributes }, [note]);
    return;
  }
  const relationships = { item: { data: { type: 'catalog-item' as const, id } } };
  const made = { ...attributes, external_id: row.id };
  await createVariant(ports, account, { type: 'catalog-variant', attributes: made, relationships }, [note]);
}

/** Unpublishes or deletes the item of an entry that the feed does not name any more. */
export async function takeAway(
  work: Work,
  entry: CatalogFeedEntryItem,
  how: 'delete' | 'unpublish',
): Promise<FeedChange> {
  const { ports, account } = work;
  const id = compoundId(entry.id);
  const [there, variant] = await Promise.all([
    ports.store.get(catalogKey(account, 'catalog-item', id)),
    ports.store.get(catalogKey(account, 'catalog-variant', id)),
  ]);
  const item = there && isForeign(work, there) ? undefined : there;
  const change = how === 'unpublish' && item ? 'unpublished' : 'deleted';
  const note = noteOf(work, entry.id, { hash: '', change }, entry);
  if (!item) await ports.store.write(note);
  else if (how === 'delete') await removeEntry(ports, account, { kind: 'catalog-item', id }, [note]);
  else {
    const attributes = { published: false };
    if (variant?.item_uid === item.uid)
      await updateVariant(ports, account, { type: 'catalog-variant', id, attributes });
    // Free for another feed.
    const freed = () => ({});
    await updateItem(ports, account, { type: 'catalog-item', id, attributes }, [note], freed);
  }
  return change;
}
