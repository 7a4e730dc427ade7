// What must be true of the history: told only what callers asked and were answered. Shares no code with the product.
import { belongs, type Facts } from '../support/segment-oracle.ts';
import type { Definition } from './requests.ts';

/** From the strongest to the weakest. */
const strength = ['external_id', 'email', 'phone_number', 'anonymous_id'] as const;
export type Identifiers = { [K in (typeof strength)[number]]?: string };

export interface Happening {
  metric: string;
  unique_id: string;
  at: number;
  value: number;
  properties: Record<string, unknown>;
  /** When it was accepted. */
  accepted: number;
}

export interface Person {
  /** Names the person, also after a merge. */
  n: number;
  /** Whom the person turned out to be part of. */
  into?: Person;
  identifiers: Identifiers;
  properties: Record<string, unknown>;
  consent: { state: 'SUBSCRIBED' | 'UNSUBSCRIBED'; at: number } | undefined;
  bounced: boolean;
  lists: Set<string>;
  events: Map<string, Happening>;
}

/** The one that a person is, or turned out to be part of. */
export function living(person: Person): Person {
  return person.into ? living(person.into) : person;
}

/** Who holds what, and what happened to them. */
export function createOracle() {
  const people: Person[] = [];
  const lists = new Set<string>();
  const segments = new Map<string, Definition>();

  const holder = (kind: keyof Identifiers, value: string) => people.find((one) => one.identifiers[kind] === value);
  const entries = (identifiers: Identifiers) =>
    strength.flatMap((kind) => (identifiers[kind] === undefined ? [] : [[kind, identifiers[kind]] as const]));
  const strongest = (identifiers: Identifiers) =>
    entries(identifiers)
      .map(([kind, value]) => holder(kind, value))
      .find((one) => one !== undefined);

  let born = 0;

  function newcomer(): Person {
    const person: Person = {
      n: (born += 1),
      identifiers: {},
      properties: {},
      consent: undefined,
      bounced: false,
      lists: new Set(),
      events: new Map(),
    };
    people.push(person);
    return person;
  }

  /** Who is known only by weaker identifiers than one that is named, and by none that differs, is the one that it means. True when two were one. */
  function link(identifiers: Identifiers): boolean {
    const into = strongest(identifiers);
    if (!into) return false;
    const before = people.length;
    const named = entries(identifiers).filter(
      ([kind, value]) => kind !== 'external_id' && holder(kind, value) === into,
    );
    const at = Math.min(...named.map(([kind]) => strength.indexOf(kind)));
    for (const [kind, value] of entries(identifiers)) {
      const other = holder(kind, value);
      if (!other || other === into) continue;
      const kinds = strength.filter((one) => other.identifiers[one] !== undefined);
      const isPart = kinds.every((one) => strength.indexOf(one) > at && into.identifiers[one] === undefined);
      if (isPart && !kinds.includes('external_id')) merge(into, other);
    }
    return people.length < before;
  }

  function merge(into: Person, other: Person): void {
    // What was said of an address goes with the address.
    if (into.identifiers.email === undefined) {
      into.consent = other.consent;
      into.bounced = other.bounced;
    }
    into.identifiers = { ...other.identifiers, ...into.identifiers };
    into.properties = { ...other.properties, ...into.properties };
    for (const list of other.lists) into.lists.add(list);
    for (const [key, event] of other.events) {
      const known = into.events.get(key);
      if (!known || event.accepted < known.accepted) into.events.set(key, event);
    }
    other.into = into;
    people.splice(people.indexOf(other), 1);
  }

  return {
    people,
    lists,
    segments,
    /** True when one of the identifiers is held by anybody but `person`. */
    taken: (identifiers: Identifiers, person?: Person): boolean =>
      entries(identifiers).some(([kind, value]) => {
        const owner = holder(kind, value);
        return owner !== undefined && owner !== person;
      }),
    strongest,
    /** The call shows which of its identifiers are one person's. */
    link,
    /** Two people are one. */
    merge,
    /** The person that is meant takes the identifiers that nobody else holds, and the properties. */
    told(identifiers: Identifiers, properties: Record<string, unknown> = {}, whom?: Person): Person {
      if (!whom) link(identifiers);
      const person = whom ?? strongest(identifiers) ?? newcomer();
      for (const [kind, value] of entries(identifiers)) {
        const owner = holder(kind, value);
        if (owner === undefined || owner === person) person.identifiers[kind] = value;
      }
      Object.assign(person.properties, properties);
      return person;
    },
    /** Counts once: the first body stays. False when it was known. */
    happened(person: Person, told: Happening): boolean {
      const key = `${told.metric} ${told.unique_id}`;
      if (person.events.has(key)) return false;
      person.events.set(key, { ...told, at: Math.floor(told.at / 1000) * 1000 });
      return true;
    },
    /** The later word counts; at the same instant the withdrawal. */
    consented(person: Person, state: 'SUBSCRIBED' | 'UNSUBSCRIBED', at: number): void {
      const known = person.consent;
      if (known && (known.at > at || (known.at === at && state === 'SUBSCRIBED'))) return;
      person.consent = { state, at };
    },
    /** Who belongs into the segment, by brute force; `metricIds` by name. */
    membersOf(id: string, now: number, metricIds: ReadonlyMap<string, string>): Person[] {
      const definition = segments.get(id);
      return definition ? people.filter((one) => belongs(definition, factsOf(one, metricIds), now)) : [];
    },
  };
}

export type Oracle = ReturnType<typeof createOracle>;

function factsOf(person: Person, metricIds: ReadonlyMap<string, string>): Facts {
  const state = person.consent?.state ?? null;
  return {
    attributes: { ...person.identifiers },
    location: {},
    properties: person.properties,
    // Whoever has no address cannot be mailed either.
    email: {
      state,
      suppressed: person.bounced || state === 'UNSUBSCRIBED' || person.identifiers.email === undefined,
    },
    lists: [...person.lists].map((id) => ({ id, joined: 0 })),
    events: [...person.events.values()].map(({ metric, at, value, properties }) => ({
      metric: metricIds.get(metric) ?? metric,
      at,
      value,
      properties,
    })),
  };
}

export const keyOfEvent = ({ metric, unique_id, at, value, properties }: Omit<Happening, 'accepted'>): string =>
  JSON.stringify([metric, unique_id, at, value, properties]);
