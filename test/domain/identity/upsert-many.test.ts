import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withFaults } from '../../../shared/adapters/memory/index.ts';
import { type ProfileInput, upsertProfile, upsertProfiles } from '../../../shared/domain/identity/index.ts';
import { ApiError } from '../../../shared/kernel/errors.ts';
import type { ProfileItem } from '../../../shared/storage/items.ts';
import { type Setting, known, setting } from '../setting.ts';

/** Nobody was forgotten after it. */
const now = Date.UTC(2030, 0, 1);

/** What became of an input, and which earlier inputs it shares its profile with. */
type Told = { code: string } | { as: number };

/** Profiles by the first input that was theirs, so that worlds with other ids compare. */
function told(outcomes: readonly ({ profile: string } | { refused: ApiError })[]): Told[] {
  const ids = outcomes.map((one) => ('profile' in one ? one.profile : undefined));
  return outcomes.map((one) =>
    'profile' in one ? { as: ids.indexOf(one.profile) } : { code: one.refused.faults[0].code },
  );
}

async function oneByOne({ ports, account }: Setting, inputs: readonly ProfileInput[]): Promise<Told[]> {
  const outcomes: Parameters<typeof told>[0][number][] = [];
  for (const input of inputs) {
    try {
      outcomes.push({ profile: (await upsertProfile(ports, account, input)).profile.id });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      outcomes.push({ refused: error });
    }
  }
  return told(outcomes);
}

/** All profiles without what differs from world to world. */
const people = ({ store }: Setting) =>
  store
    .dump()
    .flatMap((item) => (item.kind === 'profile' ? [item as ProfileItem] : []))
    .map(({ email, other_emails, phone_number, external_id, attributes, properties }) =>
      JSON.stringify([email, other_emails, phone_number, external_id, JSON.parse(attributes), JSON.parse(properties)]),
    )
    .sort();

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const addresses = fc.uniqueArray(fc.constantFrom('a@example.org', 'b@example.org', 'c@example.org', 'd@example.org'), {
  maxLength: 2,
});
const input = fc
  .record({
    email: optional(fc.constantFrom('a@example.org', 'b@example.org', 'c@example.org', null)),
    phone_number: optional(fc.constantFrom('+14155552671', '+14155552672')),
    external_id: optional(fc.constantFrom('x1', 'x2', 'x3')),
    id: optional(fc.constant('nobody')),
    first_name: optional(fc.constantFrom('Ana', 'Bo', null)),
    tag: optional(fc.constantFrom('t1', 't2')),
    emails: optional(fc.record({ append: addresses, unappend: addresses })),
  })
  .map(({ email, phone_number, external_id, id, first_name, tag, emails }): ProfileInput => ({
    ...(id !== undefined && { id }),
    identifiers: {
      ...(email !== undefined && { email }),
      ...(phone_number !== undefined && { phone_number }),
      ...(external_id !== undefined && { external_id }),
    },
    attributes: first_name === undefined ? {} : { first_name },
    ...(emails !== undefined && { emails }),
    ...(tag !== undefined && { patch: { append: { tags: [tag] } } }),
  }));

it('does what upserting one after the other does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(input, { maxLength: 3 }), fc.array(input, { maxLength: 8 }), async (before, inputs) => {
      const [together, apart] = [await setting(), await setting()];
      await oneByOne(together, before);
      await oneByOne(apart, before);
      const outcomes = told(await upsertProfiles(together.ports, together.account, inputs, now));
      expect(outcomes).toEqual(await oneByOne(apart, inputs));
      expect(people(together)).toEqual(people(apart));
    }),
    { numRuns: 300 },
  );
});

it('reads known profiles together and writes each once, for half of what a transaction costs', async () => {
  const s = await setting();
  const inputs = Array.from({ length: 100 }, (_, i) => known({ email: `p${i}@example.org` }));
  await upsertProfiles(s.ports, s.account, inputs, now);
  const changed = inputs.map((one) => ({ ...one, attributes: { first_name: 'Ana' } }));
  const calls: string[] = [];
  const { ports } = withFaults(s.ports, ({ method }) => {
    calls.push(method);
    return 'pass';
  });
  const work = () => upsertProfiles(ports, s.account, changed, now);
  expect(await s.cost(work)).toEqual({ read: 200, write: 100 });
  expect(calls).toEqual(['getMany', 'getMany', ...Array.from({ length: 100 }, () => 'write')]);
  expect((await upsertProfiles(s.ports, s.account, changed, now)).length).toBe(100);
});

it('converges with others that write the same people at the same time', async () => {
  const s = await setting();
  const rows = (name: string) =>
    Array.from({ length: 20 }, (_, i) => ({
      ...known({ email: `p${i}@example.org` }),
      attributes: { first_name: name },
    }));
  await Promise.all(['Ana', 'Bo', 'Cy'].map((name) => upsertProfiles(s.ports, s.account, rows(name), now)));
  expect(people(s)).toHaveLength(20);
});
