// The one transaction in which profiles, the claims on their identifiers and the copies of what their contacts say move.
import type { AccountId } from '../../kernel/ids.ts';
import { timeOfUlid } from '../../kernel/random.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ContactItem, IdentifierItem, ProfileItem } from '../../storage/items.ts';
import {
  type ContactKind,
  type IdentifierKind,
  identifierKey,
  profileIndex,
  profileKey,
} from '../../storage/patterns.ts';
import type { Check, Put, Remove } from '../../storage/store.ts';
import { carrying, contactKinds, readContact } from './contact.ts';
import { emailsOf } from './emails.ts';
import { precedence } from './input.ts';
import { touched } from './touched.ts';

/** A profile that is not stored yet: no identifiers, no attributes, version 0. */
export function newProfile(ports: Ports, account: AccountId): ProfileItem {
  const id = ports.ids.ulid();
  // By its id, so that the order of ids is the order of creation.
  const now = sortable(timeOfUlid(id));
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
 * Stores `next` in the place of `before`, with its claims. Throws a conflict when the profile, one of the claims, or what
 * is known of an address or number that it takes, changed meanwhile, or when one of `checks` fails. Answers with the item as
 * stored.
 */
export async function writeProfile(
  ports: Ports,
  account: AccountId,
  change: { before: ProfileItem | undefined; next: ProfileItem; checks?: readonly Check[] },
): Promise<ProfileItem> {
  const { before, checks = [] } = change;
  const moves = await contactMoves(ports, account, change);
  // Consent and suppression belong to the address: a profile that takes one takes over what is known of it.
  const carried = moves.reduce((item, { kind, contact }) => carrying(item, kind, contact), change.next);
  const next = touched(carried, sortable(ports.clock.now()));
  const put: Put = {
    put: next,
    if: before === undefined ? { absent: true } : { equals: { version: before.version } },
  };
  const others = [
    ...claimChanges(account, before, next),
    ...moves.flatMap(({ unchanged }) => unchanged ?? []),
    ...checks,
  ];
  // Alone, a conditional write says the same as a transaction, at half the price.
  await (others.length === 0 ? ports.store.write(put) : ports.store.transact([put, ...others]));
  return next;
}

/** An email or number that the profile takes or gives up, what is known of the new one, and the check that it stays so. */
interface ContactMove {
  kind: ContactKind;
  contact?: ContactItem;
  unchanged?: Check;
}

async function contactMoves(
  ports: Ports,
  account: AccountId,
  { before, next }: { before: ProfileItem | undefined; next: ProfileItem },
): Promise<ContactMove[]> {
  const changed = contactKinds.filter((kind) => next[kind] !== before?.[kind]);
  return Promise.all(
    changed.map(async (kind) => {
      const value = next[kind];
      if (value === undefined) return { kind };
      const { key, item, unchanged } = await readContact(ports, account, { kind, value });
      return { kind, ...(item && { contact: item }), unchanged: { check: key, if: unchanged } };
    }),
  );
}

/** An identifier that a profile holds. */
export interface Held {
  kind: IdentifierKind;
  value: string;
}

/** Every identifier that a profile holds: each has its claim. */
export function heldBy(item: ProfileItem): Held[] {
  return precedence.flatMap((kind): Held[] => {
    if (kind === 'email') return emailsOf(item).map((value) => ({ kind, value }));
    const value = item[kind];
    return value === undefined ? [] : [{ kind, value }];
  });
}

/** The identifiers among `all` that are not among `others`. */
export function heldBeside(all: readonly Held[], others: readonly Held[]): Held[] {
  return all.filter(({ kind, value }) => !others.some((one) => one.kind === kind && one.value === value));
}

function claimChanges(account: AccountId, before: ProfileItem | undefined, next: ProfileItem): (Put | Remove)[] {
  const [held, wanted] = [before === undefined ? [] : heldBy(before), heldBy(next)];
  return [
    ...heldBeside(held, wanted).map((one) => release(account, one, next.id)),
    ...heldBeside(wanted, held).map((one) => take(account, one, next.id)),
  ];
}

/** Takes an identifier that nobody holds; or the one that `from` holds. */
export function take(account: AccountId, { kind, value }: Held, profile: string, from?: string): Put {
  const item: IdentifierItem = { ...identifierKey(account, kind, value), kind: 'identifier', profile };
  return { put: item, if: from === undefined ? { absent: true } : { equals: { profile: from } } };
}

/** Gives up an identifier that `profile` holds. */
export function release(account: AccountId, { kind, value }: Held, profile: string): Remove {
  return { remove: identifierKey(account, kind, value), if: { equals: { profile } } };
}
