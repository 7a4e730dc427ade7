// The golden cases of segments: every condition and operator, by the rule of behaviour 4.2 that they show.
import { type Case, type Rules, about, after, date, east, iso, of } from './case.ts';
import { consentRules } from './consents.ts';
import { dateRules } from './dates.ts';
import { eventRules } from './events.ts';
import { peopleRules } from './people.ts';
import { propertyRules } from './values.ts';

export type { Case, Rules };

const since = (filter: object) => ({ type: 'profile-property', property: "properties['since']", filter });
const sinceAt = (at: number) => ({ properties: { since: iso(at) } });

function withOffsets(now: number): Rules {
  const [at, told] = [after(now, -4), (value: string) => ({ properties: { since: value } })];
  return {
    'with an offset in the definition is the instant that it names': [
      ...of(since(date('before', { date: east(at) })), [sinceAt(at - 1)], [sinceAt(at)]),
      ...of(since(date('after', { date: east(at) })), [sinceAt(at + 1)], [sinceAt(at)]),
    ],
    'with an offset in the property is the instant that it names': [
      ...of(since(date('before', { date: iso(at) })), [told(east(at - 1))], [told(east(at))]),
      ...of(since(date('after', { date: iso(at) })), [told(east(at + 1))], [told(east(at))]),
    ],
  };
}

/** All of them, as of `now`. */
export const golden = (now: number): Rules => ({
  ...propertyRules,
  ...about('profile-property', dateRules(now, since, sinceAt)),
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
    ...withOffsets(now),
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
