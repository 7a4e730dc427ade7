import { describe, expect, it } from 'vitest';
import { functions } from '../../../functions/local/functions.ts';
import { createWorld } from '../../../functions/local/world.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { addToList } from '../../../shared/domain/consent/index.ts';
import { eventItem } from '../../../shared/domain/events/index.ts';
import { createProfile } from '../../../shared/domain/identity/index.ts';
import type { BuiltCondition, Definition } from '../../../shared/domain/segments/index.ts';
import { driverOf } from '../../../shared/domain/segments/driver.ts';
import { planBuild } from '../../../shared/domain/segments/build.ts';
import { createSegment, removeSegment, updateSegment } from '../../../shared/domain/segments/store.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { day, hour, minute, second, sortable } from '../../../shared/kernel/time.ts';
import type { DefinitionItem } from '../../../shared/storage/items.ts';
import { buildKey, definitionKey, known, segmentMemberKey } from '../../../shared/storage/patterns.ts';
import { all } from './worker.ts';

const account = accountId('acc001');
const start = Date.UTC(2026, 0, 10);
const settled = 10 * second;

const list: DefinitionItem = {
  ...definitionKey(account, 'list', 'ListA1'),
  kind: 'list',
  id: 'ListA1',
  version: 1,
  name: 'Some list',
  created: sortable(start),
  updated: sortable(start),
  data: JSON.stringify({ opt_in_process: 'single_opt_in' }),
};

const onList: BuiltCondition = { type: 'profile-group-membership', is_member: true, group_ids: ['ListA1'] };
const notOnList: BuiltCondition = { type: 'profile-group-membership', is_member: false, group_ids: ['ListA1'] };
const did = (
  value: number,
  operator: 'greater-than-or-equal' | 'less-than' = 'greater-than-or-equal',
): BuiltCondition => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator, value },
  timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
});
const named: BuiltCondition = {
  type: 'profile-property',
  property: 'email',
  filter: { type: 'existence', operator: 'is-set' },
};

async function setting(people: number) {
  const clock = { off: 0 };
  const world = createWorld({
    functions,
    start,
    portsFor: (name, given) =>
      name === 'segments' ? { ...given, clock: { now: () => given.clock.now() + clock.off } } : given,
  });
  const { ports } = world;
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  await ports.store.write({ put: list });
  const ids: string[] = [];
  for (let n = 0; n < people; n += 1) {
    const identifiers = { email: `p${n}@example.com` };
    ids.push((await createProfile(ports, account, { identifiers, attributes: {} })).id);
  }
  await world.settle();
  return {
    world,
    ports,
    /** That of the hosts of the worker. */
    clock,
    people: ids,
    event: async (profile: string, time: number, unique_id = String(time)) => {
      const item = eventItem(ports, account, profile, 'Order1', { time, unique_id, properties: {} });
      await ports.store.writeMany([{ put: item }]);
    },
    segment: async (definition: Definition) =>
      (await createSegment(ports, account, { name: 'Some', definition, starred: false })).id,
    members: (segment: string) =>
      world.store
        .dump()
        .map(known)
        .flatMap((item) => (item.kind === 'segment-member' && item.group === segment ? item.profile : []))
        .sort(),
    build: (segment: string) => ports.store.get(buildKey(account, segment)),
  };
}

describe('the driver of a build', () => {
  it('is a list that a group demands, else the feed of a metric, else everyone', () => {
    expect(driverOf(all(did(1), onList), start)).toEqual({ kind: 'list', list: 'ListA1' });
    const range = { from: sortable(start - 30 * day) };
    expect(driverOf(all(did(1), named), start)).toEqual({ kind: 'metric', metric: 'Order1', range });
    expect(driverOf(all(named, notOnList), start)).toEqual({ kind: 'everyone' });
  });

  it('is everyone when people without any event may belong in', () => {
    expect(driverOf(all(did(3, 'less-than')), start)).toEqual({ kind: 'everyone' });
  });
});

describe('building a segment', () => {
  it('finds those on a list, those who did something, and those who are left', async () => {
    const { world, people, ports, event, segment, members } = await setting(60);
    const [listed, active] = [people.slice(0, 20), people.slice(10, 40)];
    await addToList(ports, account, 'ListA1', listed);
    // Exactly at the edge of the window, and 5 times within it.
    for (const p of active)
      for (let n = 0; n < 5; n += 1) await event(p, start - n * 7 * day - (n === 4 ? 2 * day : 0));
    for (const p of people.slice(40)) await event(p, start - 31 * day);
    await world.settle();
    const [a, b, c] = [
      await segment(all(onList)),
      await segment(all(did(5))),
      await segment(all(notOnList, did(1, 'less-than'))),
    ];
    await world.advance(settled);
    expect(members(a)).toEqual(listed.toSorted());
    expect(members(b)).toEqual([]);
    expect(members(c)).toEqual(people.slice(40).toSorted());
    const d = await segment(all(did(4)));
    await world.advance(settled);
    expect(members(d)).toEqual(active.toSorted());
  });

  it('goes on page by page, tells how far it is, and marks whom it lets in', async () => {
    const { world, people, segment, members, build, ports } = await setting(1900);
    const id = await segment(all(named));
    await world.advance(settled);
    expect(members(id)).toEqual(people.toSorted());
    expect(await build(id)).toMatchObject({ version: 1, pending: [], profiles: people.length });
    expect((await build(id))?.finished).toBeDefined();
    expect(await ports.store.get(segmentMemberKey(account, people[0]!, id))).toMatchObject({ built: true });
  });

  it('an edit lets go whom the new definition does not have, and keeps the others as they joined', async () => {
    const { world, people, ports, segment, members } = await setting(12);
    await addToList(ports, account, 'ListA1', people.slice(0, 4));
    const id = await segment(all(named));
    await world.advance(settled);
    await updateSegment(ports, account, id, { definition: all(onList) });
    await world.advance(settled);
    expect(members(id)).toEqual(people.slice(0, 4).toSorted());
    const member = await ports.store.get(segmentMemberKey(account, people[0]!, id));
    expect(Date.parse(member!.joined)).toBeLessThan(start + settled);
  });

  it('an edit lets go also whom a clock that was ahead let in, where one that is behind plans it (seed 847)', async () => {
    const { world, people, ports, clock, segment, members } = await setting(3);
    const id = await segment(all(named));
    await world.advance(settled);
    clock.off = 10 * minute;
    const { id: late } = await createProfile(ports, account, {
      identifiers: { email: 'late@example.com' },
      attributes: {},
    });
    await world.advance(settled);
    expect(members(id)).toEqual([...people, late].toSorted());
    clock.off = -10 * minute;
    await updateSegment(ports, account, id, { definition: all(onList) });
    await world.advance(settled);
    expect(members(id)).toEqual([]);
  });

  it('a newer edition takes over from the one under way', async () => {
    const { world, people, ports, segment, members, build } = await setting(30);
    const id = await segment(all(named));
    await world.settle();
    await updateSegment(ports, account, id, { definition: all(onList) });
    await world.settle();
    await updateSegment(ports, account, id, { definition: all(notOnList) });
    await world.advance(settled);
    expect(members(id)).toEqual(people.toSorted());
    expect(await build(id)).toMatchObject({ version: 3, pending: [] });
  });

  it('a new name or star builds nothing', async () => {
    const { world, ports, segment, build } = await setting(3);
    const id = await segment(all(named));
    await world.advance(settled);
    const before = await build(id);
    await updateSegment(ports, account, id, { name: 'Other', starred: true });
    await world.advance(settled);
    expect(await build(id)).toEqual(before);
  });

  it('an inactive segment keeps its members as they are, and catches up when it is active again', async () => {
    const { world, people, ports, segment, members } = await setting(4);
    const id = await segment(all(onList));
    await world.advance(settled);
    await updateSegment(ports, account, id, { active: false });
    await world.advance(settled);
    await addToList(ports, account, 'ListA1', people);
    await world.advance(settled);
    expect(members(id)).toEqual([]);
    await updateSegment(ports, account, id, { active: true });
    await world.advance(settled);
    expect(members(id)).toEqual(people.toSorted());
  });

  it('a removed segment leaves no member, and soon no trace', async () => {
    const { world, ports, segment, members, build } = await setting(20);
    const id = await segment(all(named));
    await world.advance(settled);
    await removeSegment(ports, account, id);
    await world.advance(settled);
    expect(members(id)).toEqual([]);
    const states = world.store
      .dump()
      .map(known)
      .flatMap((item) => (item.kind === 'state' ? item.segments : []));
    expect(states).toEqual([]);
    expect(await build(id)).toMatchObject({ pending: [] });
    await world.advance(day + hour);
    expect(world.store.dump().filter(({ kind }) => kind === 'build')).toEqual([]);
  });

  it('a worker that stood still begins no other build of a removed segment, which nobody would end (seed 316)', async () => {
    const { world, ports, segment, build } = await setting(3);
    const id = await segment(all(named));
    await world.advance(settled);
    await removeSegment(ports, account, id);
    await world.advance(settled);
    // Its message was worked off by another meanwhile: what fails now is not tried again.
    const send = () => Promise.reject(new Error('The queue is gone.'));
    const late = planBuild({ ...ports, queue: { send } }, { type: 'build', account, segment: id, version: 2 });
    await late.catch(() => undefined);
    await world.advance(settled);
    expect((await build(id))?.finished).toBeDefined();
  });

  it('who enters while it is built, by a fact of their own, is not marked as built', async () => {
    const { world, people, ports, segment, event } = await setting(3);
    const id = await segment(all(did(1)));
    await world.settle();
    await event(people[0]!, start);
    await world.settle();
    expect((await ports.store.get(segmentMemberKey(account, people[0]!, id)))?.built).toBeUndefined();
  });
});
