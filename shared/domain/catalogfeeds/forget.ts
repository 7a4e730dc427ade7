// Items of a feed that somebody removed by hand come back with the next pull, as new ones.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import { catalogKey, feedEntryKey } from '../../storage/patterns.ts';
import { type Cleared, externalIdOf } from '../catalog/index.ts';
import { allCatalogFeeds } from './stored.ts';

/** Has the feeds forget an item that is gone; one that was made anew meanwhile stays known. */
export async function forgetEntry(ports: Ports, account: AccountId, { kind, id }: Cleared): Promise<void> {
  const external = externalIdOf(id);
  if (kind !== 'catalog-item' || external === undefined) return;
  for (const feed of await allCatalogFeeds(ports, account)) {
    const key = feedEntryKey(account, feed.id, external);
    const [entry, item] = await Promise.all([
      ports.store.get(key),
      ports.store.get(catalogKey(account, 'catalog-item', id)),
    ]);
    if (!entry || item || entry.change === 'deleted') continue;
    await writeIfStill(ports.store, { remove: key, if: { equals: { hash: entry.hash, run: entry.run } } });
  }
}
