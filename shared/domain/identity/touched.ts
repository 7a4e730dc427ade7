import type { ProfileItem } from '../../storage/items.ts';
import { accountOf, profileIndex } from '../../storage/patterns.ts';

/** A profile as every write of it leaves it: one version on, changed at `now` (`sortable`), in its places in the indexes. */
export function touched(item: ProfileItem, now: string): ProfileItem {
  return {
    ...item,
    ...profileIndex(accountOf(item), item.id, item.created, { updated: now, email: item.email }),
    version: item.version + 1,
    updated: now,
  };
}
