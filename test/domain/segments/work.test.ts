import { describe, expect, it } from 'vitest';
import { updateProfile } from '../../../shared/domain/identity/index.ts';
import type { Definition, ProfileMetric } from '../../../shared/domain/segments/index.ts';
import { updateSegment } from '../../../shared/domain/segments/store.ts';
import { day, hour, sortable } from '../../../shared/kernel/time.ts';
import { everyShard, known, personAtAGlance, profileKey } from '../../../shared/storage/patterns.ts';
import type { Query, Write } from '../../../shared/storage/store.ts';
import { account, setting, start } from './worker.ts';

const lastMonth = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 } as const;

const ordered = (
  operator: 'greater-than-or-equal' | 'equals',
  value: number,
  metric = 'Order1',
  timeframe_filter: ProfileMetric['timeframe_filter'] = lastMonth,
): Definition => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-metric',
          metric_id: metric,
          measurement: 'count',
          measurement_filter: { type: 'numeric', operator, value },
          timeframe_filter,
        },
      ],
    },
  ],
});

/** The person has ordered two hours ago, which is told of now, and whoever hears of it has looked; answers what failed. */
async function ordersLate({ event, deliver, look }: ReturnType<typeof setting>, person: string) {
  await event(person, 'Order1', start - 2 * hour);
  const time = sortable(start - 2 * hour);
  return deliver(look(person, { metrics: ['Order1'], newest: time, span: { from: time, to: time } }));
}

describe('a look at a profile', () => {
  it('writes membership, state and the timer of the earliest flip in one step', async () => {
    const { person, event, segment, deliver, look, state, member, store } = setting();
    const { id } = await segment(ordered('greater-than-or-equal', 1));
    const p = await person('p');
    await event(p, 'Order1', start - day);
    expect(await deliver(look(p, { metrics: ['Order1'], newest: sortable(start - day) }))).toEqual([]);
    expect(await member(p, id)).toMatchObject({ joined: sortable(start), group: id });
    const timer = sortable(start + 29 * day + 1);
    expect(await state(p)).toMatchObject({ segments: [id], timer, last_event: sortable(start - day) });
    expect(
      store
        .dump()
        .map(known)
        .filter(({ kind }) => kind === 'due'),
    ).toMatchObject([{ at: timer, queue: 'segments' }]);
  });

  it('changes nothing the second time but the version of the state and when it was decided', async () => {
    const { person, event, segment, deliver, look, spent, clock, state, member } = setting();
    const { id } = await segment(ordered('greater-than-or-equal', 1));
    const p = await person('p');
    await event(p, 'Order1', start - day);
    const message = look(p, { metrics: ['Order1'], newest: sortable(start - day) });
    await deliver(message);
    const before = await state(p);
    clock.advance(hour);
    spent.write = 0;
    await deliver(message, message);
    expect(spent.write).toBe(1);
    const knows = { ...before!.knows!, version: 2 };
    expect(await state(p)).toEqual({ ...before, version: 2, current: sortable(clock.now()), knows });
    expect(await member(p, id)).toMatchObject({ joined: sortable(start) });
  });

  it('when the timer falls due looks at everything and sets the next; a timer that was replaced does nothing', async () => {
    const { person, event, segment, deliver, look, state, clock, spent } = setting();
    const once = await segment(ordered('greater-than-or-equal', 1));
    const twice = await segment(ordered('greater-than-or-equal', 2));
    const p = await person('p');
    await event(p, 'Order1', start - 20 * day);
    await event(p, 'Order1', start - day);
    await deliver(look(p, { metrics: ['Order1'] }));
    const [first, second] = [start + 10 * day + 1, start + 29 * day + 1].map(sortable);
    expect(await state(p)).toMatchObject({ timer: first, segments: [once.id, twice.id].sort() });
    clock.advance(10 * day + 1);
    await deliver(look(p, { due: first! }));
    expect(await state(p)).toMatchObject({ timer: second, segments: [once.id] });
    spent.write = 0;
    await deliver(look(p, { due: first! }));
    expect(spent.write).toBe(0);
  });

  it('a timer that arrives early has fallen due all the same', async () => {
    const { person, event, segment, deliver, look, state } = setting();
    await segment(ordered('greater-than-or-equal', 1));
    const p = await person('p');
    await event(p, 'Order1', start - 30 * day);
    await deliver(look(p, { metrics: ['Order1'] }));
    await deliver(look(p, { due: sortable(start + 1) }));
    const after = await state(p);
    expect(after?.segments).toEqual([]);
    expect(after?.timer).toBeUndefined();
  });

  it('a profile that is gone is in no segment', async () => {
    const { person, segment, deliver, look, state, member, ports } = setting();
    const { id } = await segment(ordered('equals', 0));
    const p = await person('p');
    await deliver(look(p, { properties: true }));
    expect(await member(p, id)).toBeDefined();
    await ports.store.write({ remove: profileKey(account, p) });
    await deliver(look(p, { properties: true }));
    expect(await member(p, id)).toBeUndefined();
    expect(await state(p)).toBeUndefined();
  });

  it('enters more segments than a transaction takes', async () => {
    const { person, segment, deliver, look, state, store } = setting();
    for (let n = 0; n < 203; n += 1) await segment(ordered('equals', 0, `M${n}`));
    const p = await person('p');
    await deliver(look(p, { properties: true }));
    expect((await state(p))?.segments).toHaveLength(203);
    expect(store.dump().filter(({ kind }) => kind === 'segment-member')).toHaveLength(203);
  });

  it('several looks at once end as one after the other', async () => {
    const { person, event, segment, deliver, look, state } = setting();
    const { id } = await segment(ordered('greater-than-or-equal', 1));
    const p = await person('p');
    await event(p, 'Order1', start);
    const message = look(p, { metrics: ['Order1'] });
    const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(message)));
    expect(answers.flat()).toEqual([]);
    expect((await state(p))?.segments).toEqual([id]);
  });

  it('does not undo what a later fact said while it was about to write', async () => {
    const world = setting();
    const { person, event, segment, deliver, look, state, ports, member } = world;
    const { id } = await segment(ordered('equals', 2, 'Order1', { type: 'date', operator: 'alltime' }));
    const p = await person('p');
    await event(p, 'Order1', start - hour);
    await deliver(look(p, { metrics: ['Order1'], newest: sortable(start - hour) }));
    await event(p, 'Order1', start);
    const write = ports.store.transact.bind(ports.store);
    let isLate = false;
    // It has read two events. Before it writes, a third one comes late, and whoever looks then finds nothing changed.
    ports.store.transact = async (actions) => {
      if (!isLate) {
        isLate = true;
        expect(await ordersLate(world, p)).toEqual([]);
        expect((await state(p))?.segments).toEqual([]);
      }
      await write(actions);
    };
    expect(await deliver(look(p, { metrics: ['Order1'], newest: sortable(start) }))).toEqual([]);
    expect(isLate).toBe(true);
    expect((await state(p))?.segments).toEqual([]);
    expect(await member(p, id)).toBeUndefined();
  });

  it('does not hold by a profile that it read before a page that tells of a newer one', async () => {
    const { person, segment, deliver, look, state, ports, member } = setting();
    const filter = { type: 'string', operator: 'equals', value: 'gold' } as const;
    const gold = { type: 'profile-property', property: "properties['plan']", filter } as const;
    const p = await person('p');
    const pays = (plan: string) =>
      updateProfile(ports, account, p, { identifiers: {}, attributes: {}, properties: { plan } });
    await deliver(look(p, { properties: true }));
    const { id } = await segment({ condition_groups: [{ conditions: [gold] }] });
    await pays('gold');
    const query = ports.store.query.bind(ports.store);
    let isLate = false;
    // It has read a page with the profile alone. Before it reads the next, the plan changes, and whoever hears of it looks.
    ports.store.query = async <T>(asked: Query<T>) => {
      const isGlance = !isLate && asked.from === personAtAGlance(account, p).from;
      if (!isGlance) return query(asked);
      if (asked.after === undefined) return query({ ...asked, limit: 1 });
      isLate = true;
      await pays('silver');
      expect(await deliver(look(p, { properties: true }))).toEqual([]);
      return query(asked);
    };
    expect(await deliver(look(p, { properties: true }))).toEqual([]);
    expect(isLate).toBe(true);
    expect((await state(p))?.segments).toEqual([]);
    expect(await member(p, id)).toBeUndefined();
  });

  it('of a build does not overwrite what a fact said that came while it was about to write', async () => {
    const world = setting();
    const { person, event, segment, deliver, look, state, ports, member } = world;
    const p = await person('p');
    await event(p, 'Order1', start - hour);
    await deliver(look(p, { metrics: ['Order1'], newest: sortable(start - hour) }));
    const { id } = await segment(ordered('equals', 1, 'Order1', { type: 'date', operator: 'alltime' }));
    const write = ports.store.transact.bind(ports.store);
    let isLate = false;
    // The build has read one event. Before it writes, an older one comes, by which the person stays outside.
    ports.store.transact = async (actions) => {
      if (!isLate) {
        isLate = true;
        await ordersLate(world, p);
        expect((await state(p))?.segments).toEqual([]);
      }
      await write(actions);
    };
    const build = { account, segment: id, version: 1 };
    await deliver({ type: 'build', ...build });
    for (const shard of everyShard) expect(await deliver({ type: 'build-shard', ...build, shard })).toEqual([]);
    expect(isLate).toBe(true);
    expect((await state(p))?.segments).toEqual([]);
    expect(await member(p, id)).toBeUndefined();
  });

  it('is taken again with the new definitions when they changed under it', async () => {
    const { person, event, segment, deliver, look, state, ports } = setting();
    const { id } = await segment(ordered('greater-than-or-equal', 1));
    const p = await person('p');
    await event(p, 'Order1', start);
    const write = ports.store.transact.bind(ports.store);
    let edited = false;
    // The edit comes just before the memberships are written.
    ports.store.transact = async (actions) => {
      const enters = actions.some(
        (action) => (action as { put?: Write & { kind?: string } }).put?.kind === 'segment-member',
      );
      if (enters && !edited) {
        edited = true;
        await updateSegment(ports, account, id, { definition: ordered('greater-than-or-equal', 2) });
      }
      await write(actions);
    };
    expect(await deliver(look(p, { metrics: ['Order1'] }))).toEqual([]);
    expect(edited).toBe(true);
    expect((await state(p))?.segments).toEqual([]);
  });
});

describe('what handling an event costs when it changes no segment', () => {
  it.each([
    ['a short history', 10, 0],
    ['a long history', 3000, 0],
    ['300 segments that do not mention its metric', 10, 300],
  ])('is at most 1 write unit and 2.5 read units with %s', async (_, history, others) => {
    const { person, event, segment, deliver, look, spent, clock } = setting();
    await segment(ordered('greater-than-or-equal', 1));
    await segment(ordered('greater-than-or-equal', 3));
    for (let n = 0; n < others; n += 1) await segment(ordered('greater-than-or-equal', 1, `M${n}`));
    const people = await Promise.all(Array.from({ length: 10 }, (__, n) => person(`p${n}`)));
    for (const p of people) {
      for (let n = 0; n < history; n += 1) await event(p, 'Order1', start - n * 60_000);
    }
    await deliver(...people.map((p) => look(p, { metrics: ['Order1'], newest: sortable(start) })));
    clock.advance(hour);
    const time = start + hour;
    for (const p of people) await event(p, 'Order1', time);
    spent.read = 0;
    spent.write = 0;
    await deliver(...people.map((p) => look(p, { metrics: ['Order1'], newest: sortable(time) })));
    expect(spent.write / 10).toBeLessThanOrEqual(1);
    expect(spent.read / 10).toBeLessThanOrEqual(2.5);
  });

  it('is at most 1 write unit and 1.5 read units when no segment mentions its metric', async () => {
    const { person, deliver, look, spent } = setting();
    const people = await Promise.all(Array.from({ length: 10 }, (__, n) => person(`p${n}`)));
    await deliver(...people.map((p) => look(p, { properties: true })));
    spent.read = 0;
    spent.write = 0;
    await deliver(...people.map((p) => look(p, { metrics: ['Order1'], newest: sortable(start) })));
    expect(spent.write / 10).toBeLessThanOrEqual(1);
    expect(spent.read / 10).toBeLessThanOrEqual(1.5);
  });
});
