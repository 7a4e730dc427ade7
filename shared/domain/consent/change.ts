// The one place that changes what is known of an email address or phone number. Its contact item is the truth; the profile
// that holds it carries a copy. Both change in one transaction, with the records of what changed and its events.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ContactItem, ProfileItem } from '../../storage/items.ts';
import { identifierKey, profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Put } from '../../storage/store.ts';
import {
  type Cause,
  type Contact,
  type Standing,
  carrying,
  readContact,
  readForgotten,
  recordsOf,
  standingOf,
  storedStanding,
  touched,
} from '../identity/index.ts';
import { consentEvents } from './consent-events.ts';

/**
 * Applies `change` to the standing of a contact, unless its holder was forgotten since it was `told`; answers the
 * standings before and after, or undefined when nothing changed. `change` is called again when the world moved meanwhile, and answers undefined when nothing changes. Without
 * a profile what is known waits for whoever takes the address or number.
 */
export async function changeStanding(
  ports: Ports,
  account: AccountId,
  contact: Contact,
  cause: Cause & { told?: Instant },
  change: (standing: Standing) => Standing | undefined,
): Promise<{ before: Standing; after: Standing } | undefined> {
  return untilWon(async () => {
    const { key, item, unchanged, claim, profile } = await read(ports, account, contact);
    const before = standingOf(item);
    const after = change(before);
    if (!after) return undefined;
    // The claim of a profile that is gone: whoever removes it is about to release it.
    if (claim && !profile) throw new ConditionFailed();
    const { forgotten, checks } = await sinceTold(ports, account, contact, { profile, told: cause.told });
    if (forgotten) return undefined;
    const now = ports.clock.now();
    const next: ContactItem = { ...key, kind: 'contact', version: (item?.version ?? 0) + 1, ...storedStanding(after) };
    const records = recordsOf(next, { before, after }, cause, now);
    await ports.store.transact([
      { put: next, if: unchanged },
      ...holder(account, contact, { profile, contact: next, now: sortable(now) }),
      ...checks,
      ...records.map((put) => ({ put })),
      ...(profile ? await consentEvents(ports, account, profile.id, { before, records, cause }) : []),
    ]);
    return { before, after };
  });
}

/** True of a word of which it was forgotten since it was told whose it was, with the check that it stays so. */
async function sinceTold(
  ports: Ports,
  account: AccountId,
  contact: Contact,
  { profile, told }: { profile: ProfileItem | undefined; told: Instant | undefined },
): Promise<{ forgotten: boolean; checks: readonly Check[] }> {
  // Whoever was there before it was told was not forgotten since.
  if (told === undefined || (profile && instantOf(profile.created) <= told)) return { forgotten: false, checks: [] };
  const { at = -Infinity, unchanged } = await readForgotten(ports, account, [contact]);
  return { forgotten: at >= told, checks: unchanged };
}

async function read(ports: Ports, account: AccountId, contact: Contact) {
  const { kind, value } = contact;
  const [known, claim] = await Promise.all([
    readContact(ports, account, contact),
    ports.store.get(identifierKey(account, kind, value)),
  ]);
  const profile = claim && (await ports.store.get(profileKey(account, claim.profile)));
  return { ...known, claim, profile };
}

/**
 * The profile with its new copy, where the contact is its email or its number; where it only has a claim on it, the
 * checks that it stays so; or the check that nobody holds it.
 */
function holder(
  account: AccountId,
  { kind, value }: Contact,
  { profile, contact, now }: { profile: ProfileItem | undefined; contact: ContactItem; now: string },
): (Put | Check)[] {
  const claim = identifierKey(account, kind, value);
  if (!profile) return [{ check: claim, if: { absent: true } }];
  const unmoved = { equals: { version: profile.version } };
  if (profile[kind] === value) {
    return [{ put: touched(carrying(profile, kind, contact), now), if: unmoved }];
  }
  return [
    { check: claim, if: { equals: { profile: profile.id } } },
    { check: profileKey(account, profile.id), if: unmoved },
  ];
}
