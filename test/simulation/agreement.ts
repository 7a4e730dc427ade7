// Whether the system, asked through its API, says what the oracle says. Answers where they differ, in words.
import { keyOfEvent, type Oracle, type Person } from './oracle.ts';
import type { Document, Simulated } from './system.ts';

interface Subscriptions {
  email?: { marketing?: { consent?: string; can_receive_email_marketing?: boolean } };
}

const kinds = ['external_id', 'email', 'phone_number', 'anonymous_id'] as const;

function difference(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const [a, b] = [[...found].sort(), [...expected].sort()];
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const count = (all: string[], one: string) => all.filter((other) => other === one).length;
  const surplus = a.filter((one) => count(a, one) > count(b, one));
  const missing = b.filter((one) => count(b, one) > count(a, one));
  return [`${what}: too much ${JSON.stringify(surplus)}, missing ${JSON.stringify(missing)}`];
}

/** Sorted by name, so that equal bags have equal texts. */
const textOf = (bag: Record<string, unknown>) =>
  JSON.stringify(Object.entries(bag).sort(([a], [b]) => (a < b ? -1 : 1)));

const texts = (attributes: Record<string, unknown>) =>
  kinds.flatMap((kind) => (typeof attributes[kind] === 'string' ? [[kind, attributes[kind]] as const] : []));

function saidOf({ attributes }: Document['many'][number]): string {
  const identifiers = texts(attributes).map(([kind, value]) => `${kind}=${value}`);
  const marketing = (attributes['subscriptions'] as Subscriptions).email?.marketing ?? {};
  const consent = [
    marketing.consent,
    attributes['email'] == null ? '-' : String(marketing.can_receive_email_marketing),
  ];
  return `${identifiers.join()} ${textOf(attributes['properties'] as Record<string, unknown>)} ${consent.join()}`;
}

function expectedOf({ identifiers, properties, consent, bounced, withdrawn }: Person): string {
  const held = kinds.flatMap((kind) => (identifiers[kind] === undefined ? [] : `${kind}=${identifiers[kind]}`));
  const may = identifiers.email === undefined ? '-' : String(!bounced && !withdrawn);
  return `${held.join()} ${textOf(properties)} ${consent?.state ?? 'NEVER_SUBSCRIBED'},${may}`;
}

/** The ids of the system's profiles by the oracle's people; people who are not found are missing. */
function idsOf(people: readonly Person[], profiles: Document['many']): Map<Person, string> {
  const holders = new Map(
    profiles.flatMap(({ id, attributes }) =>
      texts(attributes).map(([kind, value]) => [`${kind} ${value}`, id] as const),
    ),
  );
  return new Map(
    people.flatMap((person) => {
      const kind = kinds.find((one) => person.identifiers[one] !== undefined);
      const id = kind && holders.get(`${kind} ${person.identifiers[kind]}`);
      return id === undefined ? [] : [[person, id] as const];
    }),
  );
}

/** The metrics' ids by their names. */
export async function metricIds({ walk }: Simulated): Promise<Map<string, string>> {
  return new Map((await walk('/api/metrics')).map(({ id, attributes }) => [String(attributes['name']), id]));
}

const isOwn = (metric = '') =>
  /^(Subscribed to|Unsubscribed|Manually|Merged|Received|Bounced|Dropped|Marked|Opened|Clicked|Price Drop|Low Inventory) ?/.test(
    metric,
  );

/** Where the system and the oracle differ: people, events, list and segment members. */
export async function differences(system: Simulated, oracle: Oracle): Promise<string[]> {
  const { walk, world } = system;
  const profiles = await walk('/api/profiles?page[size]=100&additional-fields[profile]=subscriptions');
  const ids = idsOf(oracle.people, profiles);
  const idOf = (person: Person) => ids.get(person) ?? `nobody (${JSON.stringify(person.identifiers)})`;
  const metrics = await metricIds(system);
  const names = new Map([...metrics].map(([name, id]) => [id, name]));

  // What Millrace records itself, of consent, merges and messages, is not held against what callers told.
  const told = (await walk('/api/events?page[size]=200')).filter(
    ({ relationships }) => !isOwn(names.get(relationships['metric']?.data?.id ?? '')),
  );
  const events = told.map(({ attributes, relationships }) => {
    const { $event_id, $value = 0, ...properties } = attributes['event_properties'] as Record<string, unknown>;
    const happening = {
      metric: names.get(relationships['metric']?.data?.id ?? '') ?? '?',
      unique_id: String($event_id),
      at: Number(attributes['timestamp']) * 1000,
      value: Number($value),
      properties,
    };
    return `${relationships['profile']?.data?.id ?? '?'} ${keyOfEvent(happening)}`;
  });
  const expectedEvents = oracle.people.flatMap((person) =>
    [...person.events.values()].map((one) => `${idOf(person)} ${keyOfEvent(one)}`),
  );

  const found = [
    ...difference('I3 I5 I9 people', profiles.map(saidOf), oracle.people.map(expectedOf)),
    ...difference('I1 I2 I9 events', events, expectedEvents),
    ...difference(
      'I15 lists',
      (await walk('/api/lists')).map(({ id }) => id),
      [...oracle.lists],
    ),
  ];
  for (const list of oracle.lists) {
    const members = (await walk(`/api/lists/${list}/relationships/profiles?page[size]=100`)).map(({ id }) => id);
    const expected = oracle.people.filter((one) => one.lists.has(list)).map(idOf);
    found.push(...difference(`I9 I15 list ${list}`, members, expected));
  }
  for (const segment of oracle.segments.keys()) {
    const now = world.clock.now();
    const members = (await walk(`/api/segments/${segment}/relationships/profiles?page[size]=100`)).map(({ id }) => id);
    found.push(...difference(`I8 segment ${segment}`, members, oracle.membersOf(segment, now, metrics).map(idOf)));
  }
  return found;
}
