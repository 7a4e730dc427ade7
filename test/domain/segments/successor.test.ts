import { describe, expect, it } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { createProfile, mergeProfiles, updateProfile } from '../../../shared/domain/identity/index.ts';
import type { Definition } from '../../../shared/domain/segments/index.ts';
import { createSegment, updateSegment } from '../../../shared/domain/segments/store.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { day, second, sortable } from '../../../shared/kernel/time.ts';
import { segmentMemberKey } from '../../../shared/storage/patterns.ts';

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

  it('is not in what is not true of them, and comes in anew when it is', async () => {
    const { world, ports, person, merge, member, notes } = await setting();
    const [first, second] = [await person('gold'), await person('silver')];
    await merge(first, second);
    await world.settle();
    expect(await member(second)).toBeUndefined();
    await updateProfile(ports, account, second, { identifiers: {}, attributes: {}, properties: { plan: 'gold' } });
    await world.advance(2000);
    const now = sortable(world.clock.now());
    const there = await member(second);
    expect(there).not.toHaveProperty('built');
    expect(there && there.joined <= now && there.joined > sortable(world.clock.now() - day)).toBe(true);
    await world.advance(day);
    expect(notes()).toEqual([]);
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
