// The one place that changes what is known of an email address or phone number. Its contact item is the truth; the profile
// that holds it carries a copy. Both change in one transaction, with the records of what changed and its events.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
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
  emailsOf,
  readContact,
  recordsOf,
  standingOf,
  storedStanding,
} from '../identity/index.ts';
import { consentEvents } from './consent-events.ts';

/**
 * Applies `change` to the standing of a contact. `change` is called again when the world moved meanwhile, and answers
 * undefined when nothing changes. Without a profile what is known waits for whoever takes the address or number.
 */
export async function changeStanding(
  ports: Ports,
  account: AccountId,
  contact: Contact,
  cause: Cause,
  change: (standing: Standing) => Standing | undefined,
): Promise<void> {
  await untilWon(async () => {
    const { key, item, unchanged, claimed, profile } = await read(ports, account, contact);
    const before = standingOf(item);
    const after = change(before);
    if (!after) return;
    // Whoever takes or gives up the address meanwhile changes its claim or the profile: then all is read again.
    if (claimed && !profile) throw new ConditionFailed();
    const now = ports.clock.now();
    const next: ContactItem = { ...key, kind: 'contact', version: (item?.version ?? 0) + 1, ...storedStanding(after) };
    const records = recordsOf(next, { before, after }, cause, now);
    await ports.store.transact([
      { put: next, if: unchanged },
      holder(account, contact, { profile, contact: next, now: sortable(now) }),
      ...records.map((put) => ({ put })),
      ...(profile ? await consentEvents(ports, account, profile.id, { before, records, cause }) : []),
    ]);
  });
}

async function read(ports: Ports, account: AccountId, contact: Contact) {
  const { kind, value } = contact;
  const [known, claim] = await Promise.all([
    readContact(ports, account, contact),
    ports.store.get(identifierKey(account, kind, value)),
  ]);
  const profile = claim && (await ports.store.get(profileKey(account, claim.profile)));
  return { ...known, claimed: claim !== undefined, profile: profile && holds(profile, contact) ? profile : undefined };
}

const holds = (profile: ProfileItem, { kind, value }: Contact) =>
  kind === 'email' ? emailsOf(profile).includes(value) : profile[kind] === value;

/** The profile with its new copy; of a secondary address it carries none. Or the check that nobody holds the contact. */
function holder(
  account: AccountId,
  { kind, value }: Contact,
  { profile, contact, now }: { profile: ProfileItem | undefined; contact: ContactItem; now: string },
): Put | Check {
  if (!profile) return { check: identifierKey(account, kind, value), if: { absent: true } };
  const unchanged = { equals: { version: profile.version } };
  if (profile[kind] !== value) return { check: profileKey(account, profile.id), if: unchanged };
  const item = { ...carrying(profile, kind, contact), version: profile.version + 1, updated: now };
  return { put: item, if: unchanged };
}
