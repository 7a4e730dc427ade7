import { describe, expect, it } from 'vitest';
import { updateProfile } from '../../../shared/domain/identity/index.ts';
import type { BuiltCondition, Definition, Look } from '../../../shared/domain/segments/index.ts';
import { conditionsOf } from '../../../shared/domain/segments/segment.ts';
import { updateSegment } from '../../../shared/domain/segments/store.ts';
import { day, minute, second, sortable } from '../../../shared/kernel/time.ts';
import { isOn, listMember } from '../../support/list-member.ts';
import { account, all, setting, start } from './worker.ts';

const ordered = (value: number, rest: Partial<Extract<BuiltCondition, { type: 'profile-metric' }>> = {}) =>
  all({
    type: 'profile-metric',
    metric_id: 'Order1',
    measurement: 'count',
    measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value },
    timeframe_filter: { type: 'date', operator: 'alltime' },
    ...rest,
  });

const planIs = (value: string): BuiltCondition => ({
  type: 'profile-property',
  property: "properties['plan']",
  filter: { type: 'string', operator: 'equals', value },
});

/** What is told of orders at these times. */
const told = (...times: number[]): Partial<Look> => {
  const sorted = times.toSorted((a, b) => a - b).map(sortable);
  const [from = '', to = ''] = [sorted[0], sorted.at(-1)];
  return { metrics: ['Order1'], newest: to, span: { from, to } };
};

/** Somebody with three orders, before anything is defined; a minute later the segment is, and not built. */
async function withOrders(definition: Definition) {
  const one = setting();
  const p = await one.person('p');
  for (const n of [3, 2, 1]) await one.event(p, 'Order1', start - n * day, `old${n}`, 1);
  await one.deliver(one.look(p, { metrics: ['Order1'], newest: sortable(start - day) }));
  one.clock.advance(minute);
  const { id } = await one.segment(definition);
  one.clock.advance(minute);
  return {
    ...one,
    p,
    id,
    order: async (time: number) => {
      await one.event(p, 'Order1', time);
      expect(await one.deliver(one.look(p, told(time)))).toEqual([]);
    },
    tell: async (facts: Partial<Look>) => expect(await one.deliver(one.look(p, facts))).toEqual([]),
    /** `edit`: the edit brought them in; `data`: something else; undefined: they are not in. */
    entered: async (segment = id) => {
      const member = await one.member(p, segment);
      return member && (member.built === true ? 'edit' : 'data');
    },
  };
}

describe('who is looked at while a segment is being built', () => {
  it('was brought in by the edit when one more event only adds to what was enough', async () => {
    const { order, entered, clock } = await withOrders(ordered(3));
    await order(clock.now());
    expect(await entered()).toBe('edit');
  });

  it('was brought in by the event that makes it enough, also by one that comes late', async () => {
    for (const ago of [0, 5 * day]) {
      const { order, entered, clock } = await withOrders(ordered(4));
      await order(clock.now() - ago);
      expect(await entered()).toBe('data');
    }
  });

  it('was brought in by events that came since, although each is told of by itself', async () => {
    const { p, event, tell, entered, clock } = await withOrders(ordered(6));
    const times = [1, 2, 3, 4].map((n) => clock.now() - n * day - minute);
    for (const time of times) await event(p, 'Order1', time);
    for (const time of times) await tell(told(time));
    expect(await entered()).toBe('data');
  });

  it('was brought in by an event of another metric, or a list, of which they are told later', async () => {
    const either: Definition = {
      condition_groups: [
        { conditions: [...conditionsOf(ordered(4)), ...conditionsOf(ordered(1, { metric_id: 'Visit1' }))] },
      ],
    };
    const visits = await withOrders(either);
    await visits.event(visits.p, 'Visit1', visits.clock.now());
    await visits.order(visits.clock.now());
    expect(await visits.entered()).toBe('data');
    const joins = await withOrders(all(isOn('ListA1'), ...conditionsOf(ordered(1))));
    await joins.ports.store.write({ put: listMember(account, joins.p, 'ListA1', joins.clock.now()) });
    await joins.order(joins.clock.now());
    expect(await joins.entered()).toBe('data');
  });

  it('was brought in by the edit when orders lie between two that are told together', async () => {
    const { p, event, tell, entered, clock } = await withOrders(ordered(3));
    const times = [clock.now(), clock.now() - 20 * day];
    for (const time of times) await event(p, 'Order1', time);
    await tell(told(...times));
    expect(await entered()).toBe('edit');
  });

  it('was brought in by the edit when what is told of a property is older', async () => {
    const { ports, p, deliver, look, clock, segment, member } = await withOrders(all(planIs('silver')));
    await updateProfile(ports, account, p, { identifiers: {}, attributes: {}, properties: { plan: 'gold' } });
    clock.advance(second);
    const { id } = await segment(all(planIs('gold')));
    clock.advance(second);
    await deliver(look(p, { properties: true, consent: true }));
    expect(await member(p, id)).toHaveProperty('built', true);
  });

  it('reads of a long history no more than a hundred events', async () => {
    const { p, event, tell, entered, clock, spent } = await withOrders(ordered(3));
    for (let n = 0; n < 1000; n += 1) await event(p, 'Order1', start - 10 * day - n * minute, `old${n}`);
    const times = [clock.now(), clock.now() - 20 * day];
    for (const time of times) await event(p, 'Order1', time);
    const before = spent.read;
    await tell(told(...times));
    expect(await entered()).toBe('edit');
    expect(spent.read - before).toBeLessThan(130);
  });

  it('was brought in by data when it is of sums with filters', async () => {
    const filter = { type: 'numeric', operator: 'equals', value: 1 } as const;
    const filtered = { metric_filters: [{ property: 'a', filter }] };
    const enough = await withOrders(ordered(3, filtered));
    await enough.order(enough.clock.now());
    expect(await enough.entered()).toBe('edit');
    const few = await withOrders(ordered(4, filtered));
    await few.order(few.clock.now());
    expect(await few.entered()).toBe('data');
  });

  it('was brought in by data when they had left meanwhile and come again', async () => {
    const none = { type: 'numeric', operator: 'less-than', value: 1 } as const;
    const recent = { type: 'date', operator: 'in-the-last', unit: 'hour', quantity: 1 } as const;
    const { clock, order, entered, tell, state, p } = await withOrders(
      ordered(0, { measurement_filter: none, timeframe_filter: recent }),
    );
    await order(clock.now());
    expect(await entered()).toBeUndefined();
    const due = (await state(p))?.timer ?? '';
    clock.advance(61 * minute);
    await tell({ due });
    expect(await entered()).toBe('data');
  });

  it('was brought in by time when it was not true yet at the edit', async () => {
    const aged = { type: 'date', operator: 'at-least', unit: 'day', quantity: 3 } as const;
    const { clock, order, entered } = await withOrders(ordered(2, { timeframe_filter: aged }));
    clock.advance(2 * day);
    await order(clock.now());
    expect(await entered()).toBe('data');
  });

  it('was brought in by the list that they joined since, not by one that they were on', async () => {
    const joins = await withOrders(all(isOn('ListA1')));
    await joins.ports.store.write({ put: listMember(account, joins.p, 'ListA1', joins.clock.now()) });
    await joins.tell({ lists: ['ListA1'] });
    expect(await joins.entered()).toBe('data');
    const stays = await withOrders({
      condition_groups: [...all(isOn('ListA1')).condition_groups, ...ordered(1).condition_groups],
    });
    await stays.ports.store.write({ put: listMember(account, stays.p, 'ListA1', start) });
    await stays.order(stays.clock.now());
    expect(await stays.entered()).toBe('edit');
  });

  it('was brought in by leaving a list', async () => {
    const { tell, entered } = await withOrders(all({ ...isOn('ListA1'), is_member: false } as BuiltCondition));
    await tell({ lists: ['ListA1'] });
    expect(await entered()).toBe('data');
  });

  it('was brought in by a property that the segment mentions, and is not looked at for another one', async () => {
    const { ports, p, tell, entered } = await withOrders(all(planIs('gold')));
    await updateProfile(ports, account, p, { identifiers: {}, attributes: {}, properties: { plan: 'gold' } });
    await tell({ properties: true, places: ["properties['other']", 'first_name', 'location'] });
    expect(await entered()).toBeUndefined();
    await tell({ properties: true, places: ["properties['plan']"] });
    expect(await entered()).toBe('data');
  });

  it('is told of by messages of the release before, which do not say what changed, as before', async () => {
    const { ports, p, tell, entered } = await withOrders(all(planIs('gold')));
    await updateProfile(ports, account, p, { identifiers: {}, attributes: {}, properties: { plan: 'gold' } });
    await tell({ properties: true });
    expect(await entered()).toBe('data');
  });

  it('was brought in by data when they came after the edit', async () => {
    const { person, event, deliver, look, member, id, clock } = await withOrders(ordered(1));
    const late = await person('late');
    await event(late, 'Order1', clock.now());
    await deliver(look(late, { metrics: ['Order1'], newest: sortable(clock.now()) }));
    expect(await member(late, id)).not.toHaveProperty('built');
  });
});

describe('whom a build finds', () => {
  it('was brought in by the edit, unless by an event or a list that came since', async () => {
    for (const [value, how] of [
      [3, 'edit'],
      [4, 'data'],
    ] as const) {
      const { p, event, entered, clock, id, build } = await withOrders(ordered(value));
      await event(p, 'Order1', clock.now());
      await build(id, 1);
      expect(await entered()).toBe(how);
    }
    const { ports, p, clock, id, build, entered } = await withOrders(all(isOn('ListA1')));
    await ports.store.write({ put: listMember(account, p, 'ListA1', clock.now()) });
    await build(id, 1);
    expect(await entered()).toBe('data');
  });

  it('was brought in by time when it was not true yet at the edit, of dates and of events', async () => {
    const aged = { type: 'date', operator: 'at-least', unit: 'hour', quantity: 1 } as const;
    const dated: BuiltCondition = { type: 'profile-property', property: "properties['day']", filter: aged };
    for (const [definition, how] of [
      [all(dated), 'data'],
      [ordered(1, { timeframe_filter: aged }), 'edit'],
      [ordered(4, { timeframe_filter: aged }), 'data'],
      [ordered(4, { timeframe_filter: aged, measurement: 'sum' }), 'data'],
      [ordered(3, { timeframe_filter: aged, measurement: 'sum' }), 'edit'],
    ] as const) {
      const { ports, p, event, tell, entered, clock, segment, build } = await withOrders(ordered(9));
      const day = new Date(clock.now() - 59 * minute).toISOString();
      await updateProfile(ports, account, p, { identifiers: {}, attributes: {}, properties: { day } });
      await event(p, 'Order1', clock.now() - 59 * minute, 'young', 1);
      await tell(told(clock.now() - 59 * minute));
      clock.advance(second);
      const { id } = await segment(definition);
      clock.advance(2 * minute);
      await build(id, 1);
      expect(await entered(id)).toBe(how);
    }
  });

  it('was not brought in by the edit when they came after it', async () => {
    const { id, build, person, member } = await withOrders(ordered(0));
    const late = await person('late');
    await build(id, 1);
    expect(await member(late, id)).not.toHaveProperty('built');
  });
});

describe('who is looked at when a segment has been built', () => {
  it('was brought in by data, until it is edited', async () => {
    const { order, entered, clock, id, build, ports } = await withOrders(ordered(4));
    await build(id, 1);
    await order(clock.now());
    expect(await entered()).toBe('data');
    for (const [most, version] of [
      [9, 2],
      [4, 3],
    ] as const) {
      clock.advance(minute);
      await updateSegment(ports, account, id, { definition: ordered(most) });
      if (most === 9) await build(id, version);
    }
    expect(await entered()).toBeUndefined();
    clock.advance(minute);
    await order(clock.now());
    expect(await entered()).toBe('edit');
  });

  it('was brought in by what happened right before an edit, when they belonged in before it too', async () => {
    for (const definition of [ordered(4), all(...conditionsOf(ordered(4)), ...conditionsOf(ordered(1)))]) {
      const { p, event, tell, entered, clock, id, build, ports } = await withOrders(ordered(4));
      await build(id, 1);
      clock.advance(minute);
      const time = clock.now();
      await event(p, 'Order1', time);
      clock.advance(second / 2);
      await updateSegment(ports, account, id, { definition });
      clock.advance(second / 2);
      await tell(told(time));
      expect(await entered()).toBe('data');
    }
  });

  it('was brought in by the edit when they belonged in for the first time by it', async () => {
    const { p, event, tell, entered, clock, id, build, ports } = await withOrders(ordered(9));
    await build(id, 1);
    clock.advance(minute);
    const time = clock.now();
    await event(p, 'Order1', time);
    clock.advance(second / 2);
    await updateSegment(ports, account, id, { definition: ordered(4) });
    clock.advance(second / 2);
    await tell(told(time));
    expect(await entered()).toBe('edit');
  });

  it('was brought in by the edit that lets it go on', async () => {
    const { order, entered, clock, id, build, ports } = await withOrders(ordered(4));
    await build(id, 1);
    await updateSegment(ports, account, id, { active: false });
    clock.advance(minute);
    await order(clock.now());
    expect(await entered()).toBeUndefined();
    clock.advance(minute);
    await updateSegment(ports, account, id, { active: true });
    clock.advance(minute);
    await order(clock.now());
    expect(await entered()).toBe('edit');
  });

  it('was brought in by data also when an older decision is told along, of before another segment was made', async () => {
    const { p, event, tell, entered, clock, id, build, segment } = await withOrders(ordered(4));
    await build(id, 1);
    clock.advance(30 * minute);
    await segment(ordered(1, { metric_id: 'Other1' }));
    await event(p, 'Order1', clock.now());
    await tell({ ...told(clock.now()), decided: { stamp: 1, at: sortable(clock.now() - second) } });
    expect(await entered()).toBe('data');
  });

  it('was brought in by data also when its name was changed since', async () => {
    const { order, entered, clock, id, ports } = await withOrders(ordered(4));
    await order(clock.now());
    clock.advance(minute);
    await updateSegment(ports, account, id, { name: 'Another' });
    expect(await entered()).toBe('data');
  });
});
