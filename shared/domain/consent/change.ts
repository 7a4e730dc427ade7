// The one place that changes email consent and suppression. Consent is the person's, on the profile; suppression is the
// address's, on its contact item, with a copy on the profile that holds the address. Both change in one transaction.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ConsentState, ContactItem, ProfileItem, Suppression } from '../../storage/items.ts';
import { contactKey, identifierKey, profileKey } from '../../storage/patterns.ts';
import { ConditionFailed, type Put } from '../../storage/store.ts';

/** What is known of one address and of the profile that holds it, if one does. */
export interface Standing {
  consent: ConsentState | undefined;
  suppressions: readonly Suppression[];
}

/**
 * Applies `change` to the standing of a normalised address. `change` is called again when the world moved meanwhile and
 * answers undefined when nothing changes. Without a profile only suppressions are kept: they wait for whoever takes the
 * address.
 */
export async function changeStanding(
  ports: Ports,
  account: AccountId,
  address: string,
  change: (standing: Standing) => Standing | undefined,
): Promise<void> {
  await untilWon(async () => {
    const { contact, claimed, profile } = await read(ports, account, address);
    const standing = { consent: profile?.email_consent, suppressions: contact?.suppressions ?? [] };
    const next = change(standing);
    if (!next) return;
    const now = sortable(ports.clock.now());
    // Whoever takes or gives up the address meanwhile changes its claim or the profile: then all is read again.
    if (claimed && !profile) throw new ConditionFailed();
    await ports.store.transact([
      putContact(account, address, contact, next.suppressions),
      profile
        ? putProfile(profile, next, now)
        : { check: identifierKey(account, 'email', address), if: { absent: true } },
    ]);
  });
}

async function read(ports: Ports, account: AccountId, address: string) {
  const [contact, claim] = await Promise.all([
    ports.store.get(contactKey(account, 'email', address)),
    ports.store.get(identifierKey(account, 'email', address)),
  ]);
  const profile = claim && (await ports.store.get(profileKey(account, claim.profile)));
  return { contact, claimed: claim !== undefined, profile: profile?.email === address ? profile : undefined };
}

function putContact(
  account: AccountId,
  address: string,
  before: ContactItem | undefined,
  suppressions: readonly Suppression[],
): Put {
  const item: ContactItem = {
    ...contactKey(account, 'email', address),
    kind: 'contact',
    version: (before?.version ?? 0) + 1,
    suppressions: [...suppressions],
  };
  return { put: item, if: before ? { equals: { version: before.version } } : { absent: true } };
}

function putProfile(before: ProfileItem, next: Standing, now: string): Put {
  const item: ProfileItem = {
    ...before,
    version: before.version + 1,
    updated: now,
    ...(next.consent && { email_consent: next.consent }),
    email_suppressions: [...next.suppressions],
  };
  return { put: item, if: { equals: { version: before.version } } };
}
