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
  /** The address is suppressed because its owner said no: that outlives the person. */
  withdrawn: boolean;
  lists: Set<string>;
  events: Map<string, Happening>;
  /** What was told of the person, and stands nowhere else. */
  secrets: Set<string>;
  /** Forgotten. */
  gone: boolean;
}

/** Marks a text that nobody else's data can contain. */
export const secretMark = 'canary';

const secretsIn = (bag: Record<string, unknown>): string[] =>
  Object.values(bag).flatMap((value) => (typeof value === 'string' && value.startsWith(secretMark) ? [value] : []));

/** The one that a person is, or turned out to be part of. */
export function living(person: Person): Person {
  return person.into ? living(person.into) : person;
}

/** Who holds what, and what happened to them. */
export function createOracle() {
  const people: Person[] = [];
  const lists = new Set<string>();
  const segments = new Map<string, Definition>();
  const doubleLists = new Set<string>();
  /** What is still known of addresses whose holder was forgotten, and what was said of them since. */
  const remains = new Map<string, Pick<Person, 'bounced' | 'withdrawn'> & Partial<Pick<Person, 'consent'>>>();
  const forgotten = new Map<string, number>();
  /** Must be found nowhere. */
  const goneSecrets = new Set<string>();

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
      withdrawn: false,
      lists: new Set(),
      events: new Map(),
      secrets: new Set(),
      gone: false,
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
      into.withdrawn = other.withdrawn;
    }
    for (const secret of other.secrets) into.secrets.add(secret);
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

  /** Takes an identifier that nobody holds, with what is known of it. */
  function take(person: Person, kind: keyof Identifiers, value: string): void {
    const left = kind === 'email' && person.identifiers.email === undefined ? remains.get(value) : undefined;
    person.identifiers[kind] = value;
    if (left) Object.assign(person, left);
    if (left) remains.delete(value);
  }

  return {
    people,
    lists,
    /** Those of them that let people in by a confirmation only. */
    doubleLists,
    segments,
    goneSecrets,
    /** What an address has to do with, whoever holds it. */
    bounced(email: string): void {
      const person = holder('email', email);
      if (person) person.bounced = true;
      else remains.set(email, { withdrawn: false, ...remains.get(email), bounced: true });
    },
    /** The owner of an address says no on a page, whoever holds it. */
    withdrew(email: string, at: number): void {
      const person = holder('email', email);
      if (person) this.consented(person, 'UNSUBSCRIBED', at);
      else {
        // What is known without a profile waits for whoever takes the address (seed 2356 of 500 operations).
        const consent = { state: 'UNSUBSCRIBED', at } as const;
        remains.set(email, { bounced: false, ...remains.get(email), withdrawn: true, consent });
      }
    },
    /** An address or number that nobody has is forgotten: what was told of it before is lost. */
    forgetName(kind: keyof Identifiers, value: string, at: number): void {
      forgotten.set(`${kind} ${value}`, at);
      if (kind === 'email') delete remains.get(value)?.consent;
    },
    /** Nothing is left of the person but suppressions of the address. */
    forget(person: Person, at: number): void {
      const { email } = person.identifiers;
      const { bounced, withdrawn } = person;
      for (const [kind, value] of entries(person.identifiers)) forgotten.set(`${kind} ${value}`, at);
      if (email !== undefined && (bounced || withdrawn)) remains.set(email, { bounced, withdrawn });
      for (const secret of person.secrets) goneSecrets.add(secret);
      person.gone = true;
      people.splice(people.indexOf(person), 1);
    },
    /** When the holder of one of these was forgotten last; -Infinity: never. */
    forgottenAt: (identifiers: Identifiers): number =>
      Math.max(
        -Infinity,
        ...entries(identifiers).map(([kind, value]) => forgotten.get(`${kind} ${value}`) ?? -Infinity),
      ),
    /** The identifiers of those who were forgotten that nobody has by now. */
    lostNames: (): string[] =>
      [...forgotten.keys()].flatMap((name) => {
        const [kind = '', value = ''] = name.split(' ');
        return people.some((one) => one.identifiers[kind as keyof Identifiers] === value) ? [] : value;
      }),
    /** Those of the identifiers that somebody holds, or that nobody lost since `at`. */
    untouchedSince: (identifiers: Identifiers, at: number): Identifiers =>
      Object.fromEntries(
        entries(identifiers).filter(
          ([kind, value]) => holder(kind, value) || (forgotten.get(`${kind} ${value}`) ?? -Infinity) <= at,
        ),
      ),
    /** What was told of somebody forgotten, too late. */
    lost(...bags: Record<string, unknown>[]): void {
      for (const secret of bags.flatMap(secretsIn)) goneSecrets.add(secret);
    },
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
        if (owner === undefined) take(person, kind, value);
      }
      Object.assign(person.properties, properties);
      for (const secret of secretsIn(properties)) person.secrets.add(secret);
      return person;
    },
    /** Counts once: the first body stays. False when it was known. */
    happened(person: Person, told: Happening): boolean {
      const key = `${told.metric} ${told.unique_id}`;
      for (const secret of secretsIn(told.properties)) person.secrets.add(secret);
      if (person.events.has(key)) return false;
      person.events.set(key, { ...told, at: Math.floor(told.at / 1000) * 1000 });
      return true;
    },
    /** The later word counts; at the same instant the withdrawal. */
    consented(person: Person, state: 'SUBSCRIBED' | 'UNSUBSCRIBED', at: number): void {
      const known = person.consent;
      if (known && (known.at > at || (known.at === at && state === 'SUBSCRIBED'))) return;
      person.consent = { state, at };
      person.withdrawn = state === 'UNSUBSCRIBED';
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
      suppressed: person.bounced || person.withdrawn || person.identifiers.email === undefined,
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
