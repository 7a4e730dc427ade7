// The golden cases of segments: every condition and operator, by the rule of behaviour 4.2 that they show.
import { type Case, type Rules, about, iso } from './case.ts';
import { consentRules } from './consents.ts';
import { dateRules } from './dates.ts';
import { eventRules } from './events.ts';
import { peopleRules } from './people.ts';
import { propertyRules } from './values.ts';

export type { Case, Rules };

const since = (filter: object) => ({ type: 'profile-property', property: "properties['since']", filter });

/** All of them, as of `now`. */
export const golden = (now: number): Rules => ({
  ...propertyRules,
  ...about(
    'profile-property',
    dateRules(now, since, (at) => ({ properties: { since: iso(at) } })),
  ),
  ...about('profile-property date', {
    'a day alone is its midnight in UTC': [
      {
        condition: since({ type: 'date', operator: 'before', date: '2026-05-01T00:00:00.001Z' }),
        facts: { properties: { since: '2026-05-01' } },
        holds: true,
      },
      {
        condition: since({ type: 'date', operator: 'before', date: '2026-05-01T00:00:00Z' }),
        facts: { properties: { since: '2026-05-01' } },
        holds: false,
      },
    ],
    'what is no date matches nothing': [
      {
        condition: since({ type: 'date', operator: 'after', date: '2020-01-01T00:00:00Z' }),
        facts: { properties: { since: 'soon' } },
        holds: false,
      },
    ],
  }),
  ...eventRules(now),
  ...consentRules(now),
  ...peopleRules(now),
});
