// The one transaction in which profiles, the claims on their identifiers and the copy of their address's suppressions move.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ContactItem, IdentifierItem, ProfileItem } from '../../storage/items.ts';
import { type IdentifierKind, contactKey, identifierKey, profileIndex, profileKey } from '../../storage/patterns.ts';
import type { Check, Put, Remove } from '../../storage/store.ts';
import { precedence } from './input.ts';

/** A profile that is not stored yet: no identifiers, no attributes, version 0. */
export function newProfile(ports: Ports, account: AccountId): ProfileItem {
  const id = ports.ids.ulid();
  const now = sortable(ports.clock.now());
  return {
    ...profileKey(account, id),
    ...profileIndex(account, id, now),
    kind: 'profile',
    id,
    version: 0,
    created: now,
    updated: now,
    attributes: '{}',
    properties: '{}',
  };
}

/**
 * Stores `next` in the place of `before`, with its claims. Throws a conflict when the profile, one of the claims or the
 * address changed meanwhile. Answers with the item as stored.
 */
export async function writeProfile(
  ports: Ports,
  account: AccountId,
  change: { before: ProfileItem | undefined; next: ProfileItem },
): Promise<ProfileItem> {
  const { before } = change;
  const address = await newAddress(ports, account, change);
  const next: ProfileItem = {
    ...change.next,
    // Suppression belongs to the address: a profile that takes one takes over what is known of it.
    ...(change.next.email !== before?.email && { email_suppressions: address?.contact?.suppressions ?? [] }),
    version: (before?.version ?? 0) + 1,
    updated: sortable(ports.clock.now()),
  };
  await ports.store.transact([
    { put: next, if: before === undefined ? { absent: true } : { equals: { version: before.version } } },
    ...claimChanges(account, before, next),
    ...(address === undefined ? [] : [address.unchanged]),
  ]);
  return next;
}

/** What is known of the address that the profile takes with this change, and the check that it stays so. */
async function newAddress(
  ports: Ports,
  account: AccountId,
  { before, next }: { before: ProfileItem | undefined; next: ProfileItem },
): Promise<{ contact: ContactItem | undefined; unchanged: Check } | undefined> {
  if (next.email === undefined || next.email === before?.email) return undefined;
  const key = contactKey(account, 'email', next.email);
  const contact = await ports.store.get(key);
  const condition = contact === undefined ? { absent: true as const } : { equals: { version: contact.version } };
  return { contact, unchanged: { check: key, if: condition } };
}

function claimChanges(account: AccountId, before: ProfileItem | undefined, next: ProfileItem): (Put | Remove)[] {
  return precedence.flatMap((kind) => {
    const [held, wanted] = [before?.[kind], next[kind]];
    if (held === wanted) return [];
    return [
      ...(held === undefined ? [] : [release(account, kind, held, next.id)]),
      ...(wanted === undefined ? [] : [take(account, kind, wanted, next.id)]),
    ];
  });
}

function take(account: AccountId, kind: IdentifierKind, value: string, profile: string): Put {
  const item: IdentifierItem = { ...identifierKey(account, kind, value), kind: 'identifier', profile };
  return { put: item, if: { absent: true } };
}

function release(account: AccountId, kind: IdentifierKind, value: string, profile: string): Remove {
  return { remove: identifierKey(account, kind, value), if: { equals: { profile } } };
}
