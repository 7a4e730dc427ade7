// What golden cases say of facts that brute force is not told: attributes that nothing else looks at, when a consent was
// recorded, places all over the world.
import { describe, expect, it } from 'vitest';
import { segmentDefinition } from '../../../shared/domain/segments/definition.ts';
import { type Snapshot, admit, evaluate } from '../../../shared/domain/segments/index.ts';
import { positionsFor } from '../../../shared/domain/segments/postal/positions.ts';
import { iso, sortable } from '../../../shared/kernel/time.ts';
import { after, date, days, exists, text } from '../../golden/segments/case.ts';
import { placeRules } from '../../golden/segments/places.ts';
import { nothing } from '../../support/segment-oracle.ts';
import { snapshotOf } from './facts.ts';

const now = Date.UTC(2026, 5, 1, 12);

const definitionOf = (condition: object) =>
  admit(segmentDefinition.parse({ condition_groups: [{ conditions: [condition] }] }), '');
const holds = (condition: object, snapshot: Snapshot) => evaluate(definitionOf(condition), snapshot, now).member;

const silent = snapshotOf(nothing);

describe('profile-property', () => {
  const property = (name: string, filter: object) => ({ type: 'profile-property', property: name, filter });
  const names = ['external_id', 'anonymous_id', 'first_name', 'last_name', 'organization', 'title', 'locale', 'image'];
  /** Everybody's attributes are named after themselves. */
  const person = { ...silent.person, ...Object.fromEntries(names.map((name) => [name, `of ${name}`])) };
  const snapshot = { ...silent, person };

  it.each(names)('of the attribute %s', (name) => {
    expect(holds(property(name, text('equals', `of ${name}`)), snapshot)).toBe(true);
    expect(holds(property(name, text('equals', 'of another')), snapshot)).toBe(false);
    expect(holds(property(name, exists('not-set')), { ...snapshot, person: { ...person, [name]: null } })).toBe(true);
    expect(holds(property(name, exists('not-set')), snapshot)).toBe(false);
  });

  it('of the attribute created is a date', () => {
    const made = (at: number) => ({ ...silent, person: { ...silent.person, created: iso(at) } });
    const lately = property('created', days('in-the-last', 5));
    expect([after(now, -5), after(now, -5) - 1].map((at) => holds(lately, made(at)))).toEqual([true, false]);
    const before = property('created', date('before', { date: iso(after(now, -5)) }));
    expect([after(now, -5) - 1, after(now, -5)].map((at) => holds(before, made(at)))).toEqual([true, false]);
  });
});

describe('profile-permissions', () => {
  const on = (field: string, filter: object) => ({
    type: 'profile-permissions',
    channel: 'whatsapp_marketing',
    permission: { reachable_status: 'explicitly_reachable', filters: [{ field, filter }] },
  });
  /** Said six days ago, written down the day before yesterday. */
  const snapshot: Snapshot = {
    ...silent,
    consents: {
      whatsapp: {
        state: 'SUBSCRIBED',
        at: sortable(after(now, -6)),
        updated: sortable(after(now, -2)),
        method: 'API',
        method_detail: null,
        custom_method_detail: null,
        double_optin: false,
      },
    },
  };

  it.each([
    ['in-the-last', days('in-the-last', 4), false, true],
    ['at-least', days('at-least', 4), true, false],
    ['before', date('before', { date: iso(after(now, -4)) }), true, false],
    ['after', date('after', { date: iso(after(now, -4)) }), false, true],
    ['between', date('between', { unit: 'day', start: 1, end: 4 }), false, true],
  ])(
    'date %s: effective_date is when it was said, recorded_date when it was written down',
    (_, filter, said, written) => {
      expect(holds(on('effective_date', filter), snapshot)).toBe(said);
      expect(holds(on('recorded_date', filter), snapshot)).toBe(written);
    },
  );
});

describe('places', () => {
  it.each(Object.entries(placeRules))('%s', async (_, cases) => {
    expect(cases, 'a rule without cases shows nothing').not.toEqual([]);
    for (const { condition, facts, holds: expected } of cases) {
      const snapshot = snapshotOf({ ...nothing, ...facts });
      const { location } = snapshot.person;
      const conditions = definitionOf(condition).condition_groups.flatMap((group) => group.conditions);
      const positions = await positionsFor(conditions, location);
      const told = `${JSON.stringify(condition)} of ${JSON.stringify(location)}`;
      expect(holds(condition, { ...snapshot, positions }), told).toBe(expected);
    }
  });
});
