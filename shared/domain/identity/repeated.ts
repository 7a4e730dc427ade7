// An event that is told again counts once. That it was, is noted beside it, where merges, exports and forgetting find it.
import type { AccountId } from '../../kernel/ids.ts';
import { day, instantOf } from '../../kernel/time.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { EventItem, RepeatedItem } from '../../storage/items.ts';
import { partsOf, repeatedIndex, repeatedKey, shardOfEvent } from '../../storage/patterns.ts';
import type { Put, Update } from '../../storage/store.ts';

/** How long the ingestion log remembers what was not recorded. */
export const rememberedFor = 30 * day;

/** The note of an event that was told again: `event` as it would have been recorded, its `recorded` the time of telling. */
function noteOf(account: AccountId, event: EventItem): RepeatedItem {
  const { profile, metric, at, unique_id, recorded: last } = event;
  const hash = partsOf(event.sk)[2] ?? '';
  return {
    ...repeatedKey(account, profile, metric, hash),
    ...repeatedIndex(account, profile, metric, hash, at, shardOfEvent(event)),
    kind: 'repeated',
    profile,
    metric,
    at,
    unique_id,
    n: 1,
    last,
    expires: expiryAt(instantOf(last) + rememberedFor),
  };
}

/**
 * Notes that a known event was told once more, perhaps with a file that nobody needs, which the change feed lets go. Done
 * twice, it counts twice: how often an event came is known at least.
 */
export function repeated(account: AccountId, event: EventItem, file?: string): Update {
  const { pk, sk, n, ...set } = noteOf(account, event);
  return { update: { pk, sk }, set: { ...set, ...(file !== undefined && { file }) }, add: { n } };
}

/** The same of an event that two people had who are one, unless it is noted already. */
export function foundTwice(account: AccountId, event: EventItem): Put {
  return { put: noteOf(account, event), if: { absent: true } };
}
