// Turns the oracle's facts into what the product sees: a snapshot, or items in a store.
import type { Snapshot } from '../../../shared/domain/segments/index.ts';
import { positionsFor } from '../../../shared/domain/segments/postal/positions.ts';
import { loadFor } from '../../../shared/domain/segments/regex.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import type { AccountId } from '../../../shared/kernel/ids.ts';
import type { ConsentState, Consents, ProfileItem, Suppression } from '../../../shared/storage/items.ts';
import { profileIndex, profileKey } from '../../../shared/storage/patterns.ts';
import { conditionsNear, start } from '../../support/segment-arbitraries.ts';
import type { Facts, Said } from '../../support/segment-oracle.ts';

/** Of all places that definitions and histories name. */
const named = [...conditionsNear.map((one) => [one.country_code, one.postal_code] as const), ['GB', 'SW1A'] as const];
const found = await Promise.all(named.map(([country, zip]) => positionsFor(conditionsNear, { country, zip })));
const positions = new Map(found.flatMap((some) => [...some]));

/** As the product does before it evaluates. */
await loadFor([{ operator: 'regex', value: '' }]);

/** A snapshot of all facts. */
export function snapshotOf(facts: Facts): Snapshot {
  const text = (name: string) => {
    const value = facts.attributes[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    person: {
      id: 'p1',
      email: text('email'),
      phone_number: text('phone_number'),
      external_id: text('external_id'),
      anonymous_id: null,
      first_name: text('first_name'),
      last_name: text('last_name'),
      organization: null,
      locale: null,
      title: null,
      image: null,
      location: facts.location,
      properties: facts.properties,
      created: '2026-01-01T00:00:00.000Z',
      updated: '2026-01-01T00:00:00.000Z',
    },
    consents: consentsOf(facts),
    suppressions: suppressionsOf(facts),
    lists: new Map(facts.lists.map(({ id, joined }) => [id, joined])),
    events: Map.groupBy(facts.events, ({ metric }) => metric),
    predicted: facts.predicted ?? {},
    positions,
  };
}

/** The profile of somebody whom these facts are of. */
export function profileItemOf(account: AccountId, id: string, facts: Facts): ProfileItem {
  const { email, phone_number, external_id, ...attributes } = facts.attributes as Record<string, string | null>;
  const created = '2026-01-01T00:00:00.000Z';
  return {
    ...profileKey(account, id),
    ...profileIndex(account, id, created),
    kind: 'profile',
    id,
    version: 1,
    created,
    updated: created,
    ...(email != null && { email }),
    ...(phone_number != null && { phone_number }),
    ...(external_id != null && { external_id }),
    attributes: JSON.stringify({ ...attributes, location: facts.location }),
    properties: JSON.stringify(facts.properties),
    consents: consentsOf(facts),
    email_suppressions: suppressionsOf(facts),
  };
}

/** The consents as a profile carries them. */
function consentsOf({ email, others = {} }: Facts): Consents {
  const silent = { at: start, method: '', detail: null, custom: null, double: false };
  const said = email.said ?? (email.state ? { ...silent, state: email.state } : undefined);
  const told = Object.entries({ ...others, ...(said && { email: said }) });
  return Object.fromEntries(told.map(([kind, one]) => [kind, stateOf(one)]));
}

const stateOf = ({ state, at, recorded, method, detail, custom, double }: Said): ConsentState => ({
  state,
  at: sortable(at),
  updated: sortable(recorded ?? at),
  method,
  method_detail: detail,
  custom_method_detail: custom,
  double_optin: double,
});

/** What suppresses the address. */
function suppressionsOf({ email, suppressions = [] }: Facts): Suppression[] {
  const told = suppressions.map(({ reason, at }) => ({ reason, at: sortable(at) }) as Suppression);
  return told.length > 0 || !email.suppressed ? told : [{ reason: 'SPAM_COMPLAINT', at: sortable(start) }];
}
