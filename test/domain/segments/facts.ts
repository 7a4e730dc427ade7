// Turns the oracle's facts into what the product sees: a snapshot, or items in a store.
import type { Snapshot } from '../../../shared/domain/segments/index.ts';
import type { Facts } from '../../support/segment-oracle.ts';

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
    email: { subscription: subscription(facts), suppressed: facts.email.suppressed },
    lists: new Map(facts.lists.map(({ id, joined }) => [id, joined])),
    events: Map.groupBy(facts.events, ({ metric }) => metric),
  };
}

function subscription({ email: { state } }: Facts): Snapshot['email']['subscription'] {
  if (state === null) return 'never_subscribed';
  return state === 'SUBSCRIBED' ? 'subscribed' : 'unsubscribed';
}

/** No facts at all. */
export const nothing: Facts = {
  attributes: {},
  location: {},
  properties: {},
  email: { state: null, suppressed: false },
  lists: [],
  events: [],
};
