// The audit trail of a person's consent, as people read it: every change of each address, of the number and of push.
import * as z from 'zod/mini';
import { isoOf } from '../../kernel/time.ts';
import { maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { list } from '../../jsonapi/verbs/index.ts';
import type { Ports } from '../../ports.ts';
import { everything } from '../../storage/pages.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ConsentRecordItem, ProfileItem } from '../../storage/items.ts';
import { consentRecords, partsOf, profileKey } from '../../storage/patterns.ts';
import type { Key } from '../../storage/store.ts';
import type { Context } from '../context.ts';
import { type Contact, contactKeyOf, emailsOf, readProfile } from '../identity/index.ts';

/** One change of consent or suppression. */
export const consentChangeResource: ResourceType = {
  type: 'consent-change',
  attributes: z.object({
    /** The email address or number; null: the person (push). */
    of: maybe(text()),
    /** A kind of consent, `suppression` or `list-suppression`. */
    what: text(),
    from: maybe(text()),
    to: text(),
    reason: maybe(text()),
    list_id: maybe(text()),
    /** When it was given, withdrawn or reported. */
    happened_at: timestamp(),
    recorded_at: timestamp(),
    method: text(),
    method_detail: maybe(text()),
    custom_method_detail: maybe(text()),
  }),
};

export const consentTrailOperations: readonly Operation<Context>[] = [
  list({
    id: 'get_consent_changes_for_profile',
    tag: 'Consent',
    summary: 'Every change of consent and suppression of a person, oldest first: what, when, and how it came about.',
    scopes: ['profiles:read', 'subscriptions:read'],
    tier: tiers.S,
    resource: consentChangeResource,
    path: '/x/profiles/{id}/consent',
    query: { fieldsOf: [consentChangeResource], page: { default: 20, max: 100 } },
    run: async (input, { ports, account }) => {
      const profile = await readProfile(ports, account, idOf(input));
      return { page: pageInMemory(await trailOf(ports, account, profile), input.query) };
    },
  }),
];

/** All changes that are known of a person; their ids sort as they were recorded. */
async function trailOf(ports: Ports, account: AccountId, profile: ProfileItem): Promise<Resource[]> {
  const contacts: Contact[] = [
    ...emailsOf(profile).map((value) => ({ kind: 'email', value }) as const),
    ...(profile.phone_number === undefined ? [] : [{ kind: 'phone_number', value: profile.phone_number } as const]),
  ];
  const ofContacts = contacts.map(async (contact) => {
    const records = await recordsAt(ports, await contactKeyOf(ports, account, contact));
    return records.map((record) => consentChangeDocument(record, contact.value));
  });
  const own = recordsAt(ports, profileKey(account, profile.id));
  const trails = await Promise.all([
    ...ofContacts,
    own.then((records) => records.map((one) => consentChangeDocument(one, null))),
  ]);
  return trails.flat();
}

const recordsAt = (ports: Ports, of: Key) => everything(ports.store, consentRecords(of));

/** A change as people read it; `of` is the address or number, null for the person's own (push). */
export function consentChangeDocument(record: ConsentRecordItem, of: string | null): Resource {
  const [, recorded = '', ...rest] = partsOf(record.sk);
  return {
    type: consentChangeResource.type,
    id: [recorded, of ?? 'push', ...rest].join(' '),
    attributes: {
      of,
      what: record.what,
      from: record.from ?? null,
      to: record.to,
      reason: record.reason ?? null,
      list_id: record.list ?? null,
      happened_at: isoOf(record.at),
      recorded_at: isoOf(record.recorded),
      method: record.method,
      method_detail: record.method_detail,
      custom_method_detail: record.custom_method_detail,
    },
  };
}
