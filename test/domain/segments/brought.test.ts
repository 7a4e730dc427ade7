import { describe, expect, it } from 'vitest';
import { updateProfile } from '../../../shared/domain/identity/index.ts';
import type { BuiltCondition, Definition, Look } from '../../../shared/domain/segments/index.ts';
import { updateSegment } from '../../../shared/domain/segments/store.ts';
import { day, minute, sortable } from '../../../shared/kernel/time.ts';
import { isOn, listMember } from '../../support/list-member.ts';
import { account, setting, start } from './worker.ts';

const all = (...conditions: BuiltCondition[]): Definition => ({
  condition_groups: conditions.map((condition) => ({ conditions: [condition] })),
});

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

/** Somebody with three orders, before anything is defined; a minute later the segment is, and not built. */
async function withOrders(definition: Definition) {
  const one = setting();
  const p = await one.person('p');
  for (const n of [3, 2, 1]) await one.event(p, 'Order1', start - n * day);
  await one.deliver(one.look(p, { metrics: ['Order1'], newest: sortable(start - day) }));
  one.clock.advance(minute);
  const { id } = await one.segment(definition);
  one.clock.advance(minute);
  const at = (time: number): Partial<Look> => {
    const text = sortable(time);
    return { metrics: ['Order1'], newest: text, span: { from: text, to: text } };
  };
  return {
    ...one,
    p,
    id,
    order: async (time: number) => {
      await one.event(p, 'Order1', time);
      expect(await one.deliver(one.look(p, at(time)))).toEqual([]);
    },
    tell: async (facts: Partial<Look>) => expect(await one.deliver(one.look(p, facts))).toEqual([]),
    /** `edit`: the edit brought them in; `data`: something else; undefined: they are not in. */
    entered: async () => {
      const member = await one.member(p, id);
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

  it('was brought in by data also when its name was changed since', async () => {
    const { order, entered, clock, id, ports } = await withOrders(ordered(4));
    await order(clock.now());
    clock.advance(minute);
    await updateSegment(ports, account, id, { name: 'Another' });
    expect(await entered()).toBe('data');
  });
});
