// What is left of a person who was forgotten: everything in their partition, and what stands beside it.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CouponGrantItem, ErasedItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import {
  type AnyItem,
  allOfContact,
  couponCodeKey,
  everythingOf,
  dueKey,
  erasedKey,
  profileOf,
  shortLinkKey,
} from '../../storage/patterns.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import { type Condition, type Key, removalOf } from '../../storage/store.ts';
import { scrubQuotes } from './quoted.ts';
import { releasePushToken } from './register-token.ts';

/**
 * Removes everything of a person who was forgotten (`forget`), with files, timers, the audit trail of their contacts and the
 * rows of jobs that quote them. Does nothing for others. To be called again whenever something turns up in the partition: calls in flight may have
 * written it.
 */
export async function erase(ports: Ports, account: AccountId, profile: string): Promise<void> {
  const erased = await ports.store.get(erasedKey(account, profile));
  if (erased === undefined) return;
  await removeAllOf(ports, account, profile);
  for (const pk of erased.contacts) await eraseTrail(ports, pk, erased);
  await scrubQuotes(ports, account, erased);
}

/** Removes what lies in the partition of a profile that is gone for good, but for where it stands that it is. */
export async function removeAllOf(ports: Ports, account: AccountId, profile: string): Promise<void> {
  for await (const { items } of pagesOf(ports.store, everythingOf(account, profile))) {
    const found = items.filter(({ kind }) => kind !== 'erased' && kind !== 'merged');
    await Promise.all(found.flatMap((item) => (isFiled(item) ? [ports.files.remove(item.file)] : [])));
    await Promise.all(
      found.flatMap((item) => (item.kind === 'push-token' ? [releasePushToken(ports, account, item)] : [])),
    );
    await Promise.all(
      found.flatMap((item) => (item.kind === 'coupon-grant' ? [releaseCode(ports, account, item)] : [])),
    );
    // First what only the items lead to: whoever stops in between finds them again.
    await ports.store.writeMany(found.flatMap((item) => timersOf(account, item)).map(removalOf));
    await ports.store.writeMany(found.map(removalOf));
  }
}

function isFiled(item: AnyItem): item is AnyItem & { file: string } {
  return 'file' in item;
}

/** The code stays given, and says no more to whom. */
async function releaseCode(ports: Ports, account: AccountId, { pk, id }: CouponGrantItem): Promise<void> {
  await writeIfStill(ports.store, {
    update: couponCodeKey(account, id),
    remove: ['profile', 'message', 'upk', 'usk'],
    add: { version: 1 },
    if: { equals: { profile: profileOf({ pk, sk: '' }) } },
  });
}

/** The due items that an item waits for, and the links that lead to it. */
function timersOf(account: AccountId, item: AnyItem): Key[] {
  if (item.kind === 'state' && item.timer !== undefined) return [dueKey(account, item.timer, profileOf(item))];
  if (item.kind === 'enrolment' && item.due !== undefined) return [dueKey(account, item.due, item.id)];
  if (item.kind === 'message') return (item.links ?? []).map((token) => shortLinkKey(account, token));
  return [];
}

/** Everything that was recorded of a contact or waited there until then; what somebody who came back has said since stays. */
async function eraseTrail(ports: Ports, pk: string, { at }: ErasedItem): Promise<void> {
  for await (const { items } of pagesOf(ports.store, allOfContact({ pk }))) {
    const records = items.filter((item) => item.kind === 'consent-record' && item.recorded <= at);
    await ports.store.writeMany(records.map(removalOf));
    for (const item of items) {
      const unchanged = stillOld(item, at);
      if (unchanged) await writeIfStill(ports.store, { ...removalOf(item), if: unchanged });
    }
  }
}

/** Of what whoever came back may write anew meanwhile: that it is still what it was; undefined: it is not from until then. */
function stillOld(item: AnyItem, at: string): Condition | undefined {
  if (item.kind === 'opt-in' && (item.told ?? item.requested) <= at) return { equals: { requested: item.requested } };
  if (item.kind === 'last-sent' && item.at <= at) return { equals: { at: item.at } };
  return undefined;
}
