// What is known of people whose segments are held against brute force, and what becomes of it when two of them are one.
import type { Facts, Said } from '../support/segment-oracle.ts';

export interface Person {
  id: string;
  facts: Facts;
}

type Suppressions = NonNullable<Facts['suppressions']>;
type Others = NonNullable<Facts['others']>;

/** Suppressions of two, of each reason the first one's. */
export const mostly = (own: Suppressions, other: Suppressions): Suppressions => [
  ...own,
  ...other.filter(({ reason }) => !own.some((one) => one.reason === reason)),
];

/** What an address is good for, by what was said of it and what suppresses it. */
export function emailOfFacts({ attributes, email: { said }, suppressions = [] }: Facts): Facts['email'] {
  const state = said?.state ?? null;
  const suppressed = !attributes['email'] || suppressions.length > 0 || state === 'UNSUBSCRIBED';
  return { state, suppressed, ...(said && { said }) };
}

/** Their own word counts, and a withdrawal of the other's address or number stays, as late as the grant that it outranks. */
function word(own: Said | undefined, other: Said | undefined): Said | undefined {
  const isWithdrawn = other?.state === 'UNSUBSCRIBED' && own?.state !== 'UNSUBSCRIBED';
  return isWithdrawn ? { ...other, at: Math.max(own?.at ?? 0, other.at) } : own;
}

/** What is known of an address or number comes along with it. */
function carried(own: Facts, other: Facts, contact: string, kind: (facts: Facts) => Said | undefined) {
  if (!own.attributes[contact]) return kind(other);
  return other.attributes[contact] ? word(kind(own), kind(other)) : kind(own);
}

function othersOf(own: Facts, other: Facts): Others {
  const known: Others = {};
  for (const kind of ['sms', 'whatsapp', 'whatsapp_transactional'] as const) {
    const said = carried(own, other, 'phone_number', ({ others }) => others?.[kind]);
    if (said) known[kind] = said;
  }
  const [mine, theirs] = [own.others?.push, other.others?.push];
  const push = mine ? word(mine, theirs) : theirs;
  return { ...known, ...(push && { push }) };
}

function suppressionsOf(own: Facts, other: Facts): Suppressions {
  if (!own.attributes['email']) return other.suppressions ?? [];
  return other.attributes['email']
    ? mostly(own.suppressions ?? [], other.suppressions ?? [])
    : (own.suppressions ?? []);
}

const set = (bag: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== null && value !== undefined));

const size = (bag: Record<string, unknown>) => Object.keys(bag).length;

/** Two people are one: their own word counts, the other's completes it, and a withdrawal of either stays. */
export function both(own: Facts, other: Facts): Facts {
  const said = carried(own, other, 'email', ({ email }) => email.said);
  const lists = Map.groupBy([...own.lists, ...other.lists], ({ id }) => id);
  const facts: Facts = {
    attributes: { ...set(other.attributes), ...set(own.attributes) },
    location: size(other.location) > size(own.location) ? other.location : own.location,
    properties: { ...other.properties, ...own.properties },
    email: { ...own.email, ...(said && { said }) },
    suppressions: suppressionsOf(own, other),
    others: othersOf(own, other),
    lists: [...lists].map(([id, all]) => ({ id, joined: Math.min(...all.map(({ joined }) => joined)) })),
    events: [...own.events, ...other.events],
  };
  return { ...facts, email: emailOfFacts(facts) };
}

/** Whether mail may be sent to the address because they subscribed. */
export const isOptedIn = ({ email: { state, suppressed } }: Facts): boolean => state === 'SUBSCRIBED' && !suppressed;
