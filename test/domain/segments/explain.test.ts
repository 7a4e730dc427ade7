import { describe, expect, it } from 'vitest';
import { segmentDefinition } from '../../../shared/domain/segments/definition.ts';
import { explain } from '../../../shared/domain/segments/explain.ts';
import { admit, evaluate } from '../../../shared/domain/segments/index.ts';
import { day } from '../../../shared/kernel/time.ts';
import { type Case, golden } from '../../golden/segments/index.ts';
import { nothing } from '../../support/segment-oracle.ts';
import { snapshotOf } from './facts.ts';

const now = Date.UTC(2026, 5, 1, 12);
const at = (ms: number) => new Date(ms).toISOString();
const cases = golden(now);

/** What is told of the first case of a rule that holds. */
function told(rule: string) {
  const one = cases[rule]?.find(({ holds }) => holds);
  if (!one) throw new Error(`There is no rule ${rule}.`);
  return explained(one).condition_groups[0]?.conditions[0];
}

function explained({ condition, facts }: Case) {
  const asked = segmentDefinition.parse({ condition_groups: [{ conditions: [condition] }] });
  return explain(admit(asked, ''), snapshotOf({ ...nothing, ...facts }), now);
}

describe('an explanation', () => {
  // The rule, the facts that decide, and when it flips (null: not by itself).
  it.each([
    ['profile-property string contains: case counts', { value: 'gold' }, null],
    ['profile-property date at-least in weeks', { value: at(now - 7 * day - 1) }, null],
    ['profile-property date in-the-last includes its boundary', { value: at(now - 5 * day) }, at(now + 1)],
    [
      'profile-metric date in-the-last includes its boundary',
      { measured: 1, at_least: false, events: [{ datetime: '2026-05-27T12:00:00+00:00', value: 0 }] },
      at(now + 1),
    ],
    [
      'profile-metric sum is exact: ten times 0.1 is 1',
      {
        measured: 1,
        at_least: false,
        events: Array(5).fill({ datetime: expect.any(String) as unknown, value: 0.1 }) as unknown,
      },
      null,
    ],
    [
      'profile-metric-funnel within DAYS_1, its end included',
      {
        steps: [
          { events: [{ datetime: '2026-05-30T12:00:00+00:00', value: 0 }] },
          { events: [{ datetime: '2026-05-31T12:00:00+00:00', value: 0 }] },
        ],
      },
      at(now + 498 * day + 1),
    ],
    [
      'profile-group-membership date in-the-last includes its boundary',
      { joined_at: '2026-05-27T12:00:00+00:00' },
      at(now + 1),
    ],
    [
      'profile-marketing-consent email subscribed status_date date in-the-last includes its boundary',
      { consent: 'SUBSCRIBED', consent_timestamp: '2026-05-27T12:00:00+00:00', method: 'API', suppressions: [] },
      at(now + 1),
    ],
    [
      'profile-marketing-consent email any: bounce_date',
      { suppressions: [{ reason: 'HARD_BOUNCE', timestamp: '2026-05-30T12:00:00+00:00' }] },
      null,
    ],
    ['profile-marketing-consent sms never_subscribed', { consent: 'NEVER_SUBSCRIBED', consent_timestamp: null }, null],
    ['profile-permissions explicitly_reachable', { consent: 'SUBSCRIBED', method: 'API' }, null],
    ['profile-region outside united_states', { country: 'FR' }, null],
    [
      'profile-postal-code-distance less-than kilometers',
      { country: 'US', zip: '02108-1234', kilometers: expect.closeTo(302, 0) as unknown },
      null,
    ],
    ['profile-predictive-analytics total_clv', { value: 2 }, null],
    [
      'profile-predictive-analytics expected_date_of_next_purchase date in-the-next includes both of its ends',
      { value: at(now) },
      at(now + 1),
    ],
  ])('of %s tells the facts and the flip', (rule, facts, flips_at) => {
    expect(told(rule)).toMatchObject({ holds: true, facts, flips_at });
  });

  it('says of every golden case what the evaluation says, with facts', () => {
    for (const one of Object.values(cases).flat()) {
      const { holds, flips_at, condition_groups: groups } = explained(one);
      const definition = admit(segmentDefinition.parse({ condition_groups: [{ conditions: [one.condition] }] }), '');
      const { member, flipsAt } = evaluate(definition, snapshotOf({ ...nothing, ...one.facts }), now);
      expect([holds, flips_at]).toEqual([member, flipsAt === undefined ? null : at(flipsAt)]);
      expect(groups[0]?.conditions).toMatchObject([{ holds, flips_at, condition: one.condition }]);
      expect(Object.keys(groups[0]?.conditions[0]?.facts ?? {})).not.toEqual([]);
    }
  });
});
