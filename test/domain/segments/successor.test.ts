import { describe, expect, it } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { createProfile, gathered, mergeProfiles, updateProfile } from '../../../shared/domain/identity/index.ts';
import type { BuiltCondition, Definition, Look } from '../../../shared/domain/segments/index.ts';
import { createSegment, updateSegment } from '../../../shared/domain/segments/store.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { day, minute, second, sortable } from '../../../shared/kernel/time.ts';
import { segmentMemberKey } from '../../../shared/storage/patterns.ts';
import { setting as worker } from './worker.ts';

const account = accountId('acc001');
const start = Date.UTC(2026, 0, 10);

const gold: Definition = {
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-property',
          property: "properties['plan']",
          filter: { type: 'string', operator: 'equals', value: 'gold' },
        },
      ],
    },
  ],
};

/** A segment that is built, and people with a plan or without; each has come a day after the one before. */
async function setting() {
  const world = createWorld({ functions, start });
  const { ports } = world;
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const { id: segment } = await createSegment(ports, account, { name: 'Gold', definition: gold, starred: false });
  await world.advance(10 * second);
  let made = 0;
  return {
    world,
    ports,
    segment,
    person: async (plan?: string) => {
      await world.advance(day);
      const identifiers = { email: `p${(made += 1)}@example.com` };
      const properties = plan === undefined ? {} : { plan };
      const { id } = await createProfile(ports, account, { identifiers, attributes: {}, properties });
      await world.advance(second);
      return id;
    },
    merge: (source: string, destination: string) => mergeProfiles(ports, account, { source, destination }),
    member: (profile: string) => ports.store.get(segmentMemberKey(account, profile, segment)),
    notes: () => world.store.dump().filter(({ kind }) => kind === 'was-member'),
  };
}

describe('who takes the place of somebody that became part of them', () => {
  it('is in the segment since the other was, and has not come in anew', async () => {
    const { world, person, merge, member, notes } = await setting();
    const [first, second] = [await person('gold'), await person()];
    const before = await member(first);
    expect(before).not.toHaveProperty('built');
    await world.advance(30 * day);
    await merge(first, second);
    await world.settle();
    expect(await member(first)).toBeUndefined();
    expect(await member(second)).toMatchObject({ joined: before?.joined, built: true });
    expect(notes()).toEqual([]);
  });

  it('is so also when others follow, and the first of them counts', async () => {
    const { world, person, merge, member, notes } = await setting();
    const people = [await person('gold'), await person('gold'), await person(), await person()];
    const [a = '', b = '', c = '', d = ''] = people;
    const joined = (await member(a))?.joined;
    await merge(b, c);
    await merge(a, c);
    await merge(c, d);
    await world.settle();
    expect(await member(d)).toMatchObject({ joined, built: true });
    expect(notes()).toEqual([]);
  });

  it('is so also when it goes on before anybody has looked at them', async () => {
    const { world, ports, person, merge, member, notes } = await setting();
    const [a, b, c] = [await person('gold'), await person('gold'), await person()];
    const joined = (await member(a))?.joined;
    await merge(a, b);
    await gathered(ports, account, b);
    expect(notes()).toHaveLength(1);
    await merge(b, c);
    await world.settle();
    expect(await member(c)).toMatchObject({ joined, built: true });
    expect([await member(a), await member(b), notes()]).toEqual([undefined, undefined, []]);
  });

  it('is so also when the events that came along are told of later', async () => {
    const { ports, clock, person, segment, build, event, look, deliver, member } = worker();
    const spent: BuiltCondition = {
      type: 'profile-metric',
      metric_id: 'Order1',
      measurement: 'sum',
      measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: 100 },
      timeframe_filter: { type: 'date', operator: 'alltime' },
    };
    const [a, b] = [await person('a'), await person('b')];
    const { id } = await segment({ condition_groups: [{ conditions: [spent] }] });
    await build(id, 1);
    clock.advance(day);
    const told = (from: number, to = from): Partial<Look> => ({
      metrics: ['Order1'],
      newest: sortable(to),
      span: { from: sortable(from), to: sortable(to) },
    });
    for (const n of [1, 2, 3, 4, 5]) await event(a, 'Order1', start - n * day, `a${n}`, 50);
    await deliver(look(a, told(start - 5 * day, start)));
    for (let n = 0; n < 300; n += 1) await event(b, 'Order1', start + n * minute, `b${n}`, 0);
    await deliver(look(b, told(start, start + day)));
    const joined = (await member(a, id))?.joined;
    expect([joined, await member(b, id)]).toEqual([expect.any(String), undefined]);
    clock.advance(30 * day);
    await mergeProfiles(ports, account, { source: a, destination: b });
    await deliver(look(b, { properties: true, places: ['email'] }));
    clock.advance(second);
    await deliver(look(b, { properties: true, places: [] }), look(b, told(start - 5 * day, start)));
    expect(await member(b, id)).toMatchObject({ joined, built: true });
  });

  it('is not in what is not true of them, and comes in anew when it is', async () => {
    const { world, ports, person, merge, member, notes } = await setting();
    const [first, second] = [await person('gold'), await person('silver')];
    await merge(first, second);
    await world.settle();
    expect(await member(second)).toBeUndefined();
    await world.advance(20 * minute);
    await updateProfile(ports, account, second, { identifiers: {}, attributes: {}, properties: { plan: 'gold' } });
    await world.advance(2000);
    const now = sortable(world.clock.now());
    const there = await member(second);
    expect(there).not.toHaveProperty('built');
    expect(there && there.joined <= now && there.joined > sortable(world.clock.now() - day)).toBe(true);
    await world.advance(day);
    expect(notes()).toEqual([]);
  });

  it('is not in a segment that is stopped after it was not true of them', async () => {
    const { world, ports, segment, person, merge, member } = await setting();
    const [first, second] = [await person('gold'), await person('silver')];
    await merge(first, second);
    await world.settle();
    await updateSegment(ports, account, segment, { active: false });
    await updateProfile(ports, account, second, { identifiers: {}, attributes: { first_name: 'B' } });
    await world.advance(day);
    expect(await member(second)).toBeUndefined();
  });

  it('is in a segment that was stopped, which keeps its members as they are', async () => {
    const { world, ports, segment, person, merge, member } = await setting();
    const [first, second] = [await person('gold'), await person('gold')];
    const before = await member(first);
    await updateSegment(ports, account, segment, { active: false });
    const third = await person('silver');
    await merge(first, third);
    await world.settle();
    expect(await member(third)).toMatchObject({ joined: before?.joined, built: true });
    await merge(second, third);
    await world.settle();
    expect(await member(third)).toMatchObject({ joined: before?.joined });
  });
});
