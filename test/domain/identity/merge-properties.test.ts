// Any history of people who are merged, in any order and more than once, against what it should come to by counting.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { addToList, suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { createList } from '../../../shared/domain/consent/lists.ts';
import { recordEvent } from '../../../shared/domain/events/index.ts';
import { emailsOf, mergeProfiles, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { propertiesOf } from '../../../shared/domain/identity/person.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { minute, second } from '../../../shared/kernel/time.ts';
import type { EventItem, MemberItem, ProfileItem } from '../../../shared/storage/items.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { expectLegal } from './legal.ts';

const account = accountId('Acc001');
const how = { method: 'API' };
const crowd = [0, 1, 2, 3];
const one = fc.constantFrom(...crowd);

const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('event'), one, unique: fc.nat(3) } as const) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('merge'), one, other: one, wait: fc.boolean() } as const) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tell'), one, name: fc.constantFrom('a', 'b') } as const) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('join'), one } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('grant', 'withdraw', 'bounce'), one } as const),
  },
);

/** What should be true of somebody. */
interface Expected {
  id: string;
  emails: Set<string>;
  properties: Record<string, number>;
  /** When the first event with each unique id was told. */
  events: Map<string, number>;
  listed: boolean;
  /** Their own address, or one that joined them, must not be written to; nobody has granted anything since. */
  restricted: boolean;
}

async function begin() {
  const world = createWorld({ functions, start: Date.UTC(2026, 5, 1, 12) });
  const { ports } = world;
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.org', publicId: account });
  const { id: list } = await createList(ports, account, { name: 'News', optIn: 'single_opt_in' });
  const people: Expected[] = [];
  for (const n of crowd) {
    const email = `p${n}@example.com`;
    const input = { identifiers: { email }, attributes: {}, properties: { own: n } };
    const { profile } = await upsertProfile(ports, account, input);
    people.push({
      id: profile.id,
      emails: new Set([email]),
      properties: { own: n },
      events: new Map(),
      listed: false,
      restricted: false,
    });
  }
  return { world, ports, list, people };
}

function join(into: Expected, from: Expected): void {
  for (const email of from.emails) into.emails.add(email);
  into.properties = { ...from.properties, ...into.properties };
  for (const [key, at] of from.events) into.events.set(key, Math.min(at, into.events.get(key) ?? Infinity));
  into.listed ||= from.listed;
  into.restricted ||= from.restricted;
}

test('merges lose no event, no membership, no withdrawal and no suppression, and nobody is two', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 25 }), async (acts) => {
      const { world, ports, list, people } = await begin();
      /** Who each of the crowd is by now. */
      const now = [...people];
      const who = (n: number): Expected => now[n] as Expected;
      for (const [turn, told] of acts.entries()) {
        world.clock.advance(second);
        const at = world.clock.now();
        const person = who(told.one);
        const address = `p${told.one}@example.com`;
        const isOwn = people[told.one] === person;
        if (told.type === 'event') {
          await recordEvent(ports, account, {
            metric: { name: 'Order', service: 'api' },
            unique_id: String(told.unique),
            time: at,
            properties: {},
            profile: { identifiers: { email: address }, attributes: {} },
          });
          if (!person.events.has(String(told.unique))) person.events.set(String(told.unique), at);
        } else if (told.type === 'tell') {
          const properties = { [told.name]: turn };
          await upsertProfile(ports, account, { identifiers: { email: address }, attributes: {}, properties });
          person.properties[told.name] = turn;
        } else if (told.type === 'join') {
          await addToList(ports, account, list, [person.id]);
          person.listed = true;
        } else if (told.type === 'merge') {
          const other = who(told.other);
          const [destination, source] = [people[told.one]?.id ?? '', people[told.other]?.id ?? ''];
          const merged = mergeProfiles(ports, account, { destination, source });
          // By a stale id nobody is merged on; and nobody into themselves.
          const refused = told.one === told.other || (person !== other && people[told.other] !== other);
          if (refused) await expect(merged).rejects.toBeInstanceOf(ApiError);
          else expect((await merged).id).toBe(person.id);
          if (!refused && person !== other) {
            join(person, other);
            for (const n of crowd) if (now[n] === other) now[n] = person;
          }
          if (told.wait) await world.advance(second);
        } else if (told.type === 'grant') {
          // Only their own word lifts what holds for somebody, and no bounce: so here it says nothing.
          if (!person.restricted) await grantEmail(ports, account, { address, at, how });
        } else {
          if (told.type === 'withdraw') await withdrawEmail(ports, account, { address, at, how });
          else await suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at, how });
          // What is said of a secondary address leaves the primary one as it is.
          if (isOwn) person.restricted = true;
        }
      }
      await world.advance(10 * minute);
      const items = world.store.dump();
      const living = [...new Set(now)];
      const profiles = items.filter((item): item is ProfileItem => item.kind === 'profile');
      const orders = items.filter((item): item is EventItem => item.kind === 'event');
      const members = items.filter((item): item is MemberItem => item.kind === 'list-member');
      expect(profiles.map(({ id }) => id).sort()).toEqual(living.map(({ id }) => id).sort());
      await expectLegal({ ports, store: world.store, account } as Parameters<typeof expectLegal>[0]);
      for (const { id, emails, properties, events, listed, restricted } of living) {
        const profile = profiles.find((item) => item.id === id)!;
        expect(new Set(emailsOf(profile))).toEqual(emails);
        expect(propertiesOf(profile)).toEqual(properties);
        const counted = orders.filter((item) => item.profile === id && events.has(item.unique_id));
        expect(new Map(counted.map((event) => [event.unique_id, Date.parse(event.at)]))).toEqual(events);
        expect(members.some(({ profile: member }) => member === id)).toBe(listed);
        expect((profile.email_suppressions ?? []).length > 0).toBe(restricted);
      }
      const gone = people.filter(({ id }) => living.every((person) => person.id !== id));
      for (const { id } of gone) {
        const left = items.filter(({ pk }) => pk.includes(`#P#${id}`)).map(({ kind }) => kind);
        expect(left).toEqual(['merged']);
      }
    }),
    { numRuns: Number(process.env['RUNS'] ?? 60) },
  );
});
