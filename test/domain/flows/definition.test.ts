import { describe, expect, it } from 'vitest';
import { timeZones } from '../../../shared/domain/flows/definition/time-zones.ts';
import { requestedDefinition } from '../../../shared/domain/flows/requested.ts';
import { isZone } from '../../../shared/kernel/zone.ts';

const definition = (action: object) => ({ triggers: [], actions: [action], entry_action_id: null });

describe('the grammar of definitions', () => {
  it('names time zones that the platform knows, each once', () => {
    expect(timeZones.filter((name) => !isZone(name))).toEqual([]);
    expect(new Set(timeZones).size).toBe(timeZones.length);
  });

  it('knows every field of what is built', () => {
    const action = { type: 'time-delay', data: { value: 1, units: 'days' } };
    const { error } = requestedDefinition.safeParse(definition(action));
    expect(error?.issues[0]).toMatchObject({
      code: 'unrecognized_keys',
      keys: ['units'],
      path: ['actions', 0, 'data'],
    });
  });

  it('takes whole and decimal numbers to compare with', () => {
    const taken = (value: unknown) => {
      const test = { type: 'numeric', operator: 'equals', value };
      const condition = { type: 'profile-property', property: 'age', filter: test };
      const filter = { condition_groups: [{ conditions: [condition] }] };
      const split = { type: 'conditional-split', data: { profile_filter: filter } };
      return requestedDefinition.safeParse(definition(split)).success;
    };
    expect([1, 1.5, 1e300, 'one', null].map(taken)).toEqual([true, true, true, false, false]);
  });
});
