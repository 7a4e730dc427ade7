// What is known of a profile's address and number themselves, and the copies of it that the profile carries.
import { type AccountId, keyedId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { ConsentKind, Consents, ContactItem, ProfileItem } from '../../storage/items.ts';
import { type ContactKind, contactKey } from '../../storage/patterns.ts';
import type { Condition, Key } from '../../storage/store.ts';
import { secretOf } from '../account/index.ts';

/** An email address or phone number, normalised. */
export interface Contact {
  kind: ContactKind;
  value: string;
}

export const contactKinds = ['email', 'phone_number'] as const satisfies ContactKind[];

/** Consents that belong to the address or number, not to the person. */
const kindsOf: Readonly<Record<ContactKind, readonly ConsentKind[]>> = {
  email: ['email', 'open_tracking'],
  phone_number: ['sms', 'sms_transactional', 'whatsapp', 'whatsapp_transactional', 'whatsapp_conversational'],
};

/** What a consent is given for; push is the person's own. */
export function contactKindOf(kind: ConsentKind): ContactKind | undefined {
  return contactKinds.find((one) => kindsOf[one].includes(kind));
}

/** Where what is known of a contact lies: under a hash keyed by the account's secret, not under the address. */
export async function contactKeyOf(
  ports: Ports,
  account: AccountId,
  { kind, value }: Contact,
): Promise<Key<ContactItem>> {
  return contactKey(account, kind, keyedId(await secretOf(ports, account), 22, 'contact', kind, value));
}

/** What is known of a contact, read consistently, and the condition under which it stays so. */
export async function readContact(
  ports: Ports,
  account: AccountId,
  contact: Contact,
): Promise<{ key: Key<ContactItem>; item: ContactItem | undefined; unchanged: Condition }> {
  const key = await contactKeyOf(ports, account, contact);
  const item = await ports.store.get(key);
  return { key, item, unchanged: item ? { equals: { version: item.version } } : { absent: true } };
}

/** The profile with the copies of what `contact` (undefined: nothing is known) says of its email or number. Pure. */
export function carrying(item: ProfileItem, kind: ContactKind, contact: ContactItem | undefined): ProfileItem {
  const consents: Consents = { ...without(item.consents, kindsOf[kind]), ...contact?.consents };
  return {
    ...item,
    consents,
    ...(kind === 'email' && {
      email_suppressions: contact?.suppressions ?? [],
      email_list_suppressions: contact?.list_suppressions ?? [],
    }),
  };
}

function without(consents: Consents = {}, kinds: readonly ConsentKind[]): Consents {
  return Object.fromEntries(Object.entries(consents).filter(([kind]) => !kinds.some((one) => one === kind)));
}
