// What goes with an entry that was removed: the variants of an item, the links of an item or a category.
import type { AccountId } from '../../kernel/ids.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import { pagesOf } from '../../storage/pages.ts';
import type { CatalogKind } from '../../storage/items.ts';
import { catalogKey, categoryLinksOf, entryIdOf, variantsOfItem } from '../../storage/patterns.ts';
import { unlinkOthers } from './links.ts';

/** Which entry was removed. */
export interface Cleared {
  kind: CatalogKind;
  id: string;
  uid: string;
}

/**
 * Removes what pointed at an entry that is gone. By then the indexes have learned of what was written before; what stands
 * there by now may be of another entry.
 */
export async function clearEntry(ports: Ports, account: AccountId, { kind, id, uid }: Cleared): Promise<void> {
  if (kind === 'catalog-category') return unlinkOthers(ports, account, { uid }, new Set());
  if (kind !== 'catalog-item') return;
  for await (const { items } of pagesOf(ports.store, variantsOfItem(account, uid)))
    await inParallel(items, 8, (mark) =>
      writeIfStill(ports.store, {
        remove: catalogKey(account, 'catalog-variant', entryIdOf(mark)),
        if: { equals: { item_uid: uid } },
      }),
    );
  for await (const { items } of pagesOf(ports.store, categoryLinksOf(account, id)))
    await inParallel(items, 8, ({ pk, sk }) =>
      writeIfStill(ports.store, { remove: { pk, sk }, if: { equals: { item_uid: uid } } }),
    );
}
