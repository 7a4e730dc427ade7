// The golden cases of whole definitions: how conditions and their groups are joined.
import type { Facts } from '../../support/segment-oracle.ts';
import { after, exists, saidAt } from './case.ts';
import { did } from './events.ts';

interface Whole {
  groups: readonly (readonly object[])[];
  facts: Partial<Facts>;
  holds: boolean;
}

const whole = (groups: Whole['groups'], yes: readonly Partial<Facts>[], no: readonly Partial<Facts>[]): Whole[] => [
  ...yes.map((facts) => ({ groups, facts, holds: true })),
  ...no.map((facts) => ({ groups, facts, holds: false })),
];

const isSet = (name: string) => ({
  type: 'profile-property',
  property: `properties['${name}']`,
  filter: exists('is-set'),
});
const [a, b, c, d] = [isSet('a'), isSet('b'), isSet('c'), isSet('d')];
/** Who has the properties that the letters name. */
const having = (letters: string): Partial<Facts> => ({
  properties: Object.fromEntries(letters.split('').map((name) => [name, 1])),
});

const mailable = (subscription: string) => ({
  type: 'profile-marketing-consent',
  consent: { channel: 'email', can_receive_marketing: true, consent_status: { subscription } },
});

/** All of them, as of `now`. */
export function goldenDefinitions(now: number): Readonly<Record<string, readonly Whole[]>> {
  const ordered: Partial<Facts> = {
    attributes: { email: 'ana@example.com' },
    events: [{ metric: 'Order1', at: after(now, -1), value: 0, properties: {} }],
  };
  const never = ordered;
  const subscribed: Partial<Facts> = {
    ...ordered,
    email: { state: 'SUBSCRIBED', suppressed: false, said: saidAt(now) },
  };
  const unsubscribed: Partial<Facts> = {
    ...ordered,
    email: { state: 'UNSUBSCRIBED', suppressed: true, said: saidAt(now, { state: 'UNSUBSCRIBED' }) },
  };
  const bounced: Partial<Facts> = {
    ...ordered,
    email: { state: null, suppressed: true },
    suppressions: [{ reason: 'HARD_BOUNCE', at: after(now, -2) }],
  };
  const orders = did('equals', 1);
  return {
    'conditions in a group are joined by or': whole([[a, b]], ['a', 'b', 'ab'].map(having), ['', 'c'].map(having)),
    'groups are joined by and': whole([[a], [b]], ['ab', 'abc'].map(having), ['a', 'b', ''].map(having)),
    'groups are joined by and, conditions in a group by or': whole(
      [
        [a, b],
        [c, d],
      ],
      ['ac', 'ad', 'bc', 'bd', 'abcd'].map(having),
      ['ab', 'cd', 'a', 'd', ''].map(having),
    ),
    'who is suppressed or never subscribed is a member unless a condition excludes them': [
      ...whole([[orders]], [subscribed, never, unsubscribed, bounced], [{}]),
      ...whole([[orders], [mailable('any')]], [subscribed, never], [unsubscribed, bounced]),
      ...whole([[orders], [mailable('subscribed')]], [subscribed], [never, unsubscribed, bounced]),
    ],
  };
}
