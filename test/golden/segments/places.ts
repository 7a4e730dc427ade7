// The golden cases of places that brute force knows nothing of: countries by all of their names, postal codes of many
// countries. Distances are told in the tables.
import { type Rules, held, inside, lives, near, of } from './case.ts';

type Place = readonly [country: string, zip?: string];

const union = inside('european_union', true);

const members = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
const elsewhere = ['GB', 'CH', 'NO', 'US'];

const regions: Rules = {
  ...Object.fromEntries(
    members.map((member) => [
      `profile-region european_union has ${member}`,
      [
        { condition: union, facts: lives(member), holds: true },
        { condition: inside('european_union', false), facts: lives(member), holds: false },
      ],
    ]),
  ),
  'profile-region european_union: neighbours are outside': [
    ...held(union, lives, { yes: [], no: elsewhere }),
    ...held(inside('european_union', false), lives, { yes: elsewhere, no: [] }),
  ],
  'profile-region: a country of nothing but spaces is neither inside nor outside': [
    ...held(union, lives, { yes: [], no: ['  '] }),
    ...held(inside('european_union', false), lives, { yes: [], no: ['  '] }),
  ],
  'profile-region european_union: further names, in any case, spaces around them do not count': held(union, lives, {
    yes: ['Czech Republic', 'czech republic', 'the netherlands', ' The Netherlands ', '  fr', 'Greece\n'],
    no: ['uk', 'Great Britain', ' UK ', 'the nether lands'],
  }),
  'profile-region united_states: further names, in any case, spaces around them do not count': held(
    inside('united_states', true),
    lives,
    {
      yes: ['u.s.', 'U.S.', 'u.s.a.', 'United States of America', ' us ', '\tUSA'],
      no: ['uk', 'the netherlands', 'u.s'],
    },
  ),
};

/** A code, one nearby and one further away, with what lies in between: kilometres to both. */
interface Apart {
  from: Place;
  close: Place;
  far: Place;
  kilometers: readonly [close: number, far: number];
}

/** As GeoNames has them, rounded. */
const apart: Readonly<Record<string, Apart>> = {
  'AUS: from Sydney to Newtown and Melbourne': {
    from: ['AUS', '2000'],
    close: [' Australia ', '2042'],
    far: ['AU', '3000'],
    kilometers: [4.7, 713.4],
  },
  'CAN, of whose codes the first three characters count: from Toronto to Hamilton and Montreal': {
    from: ['CAN', 'M5V 3L9'],
    close: ['Canada', 'l8p'],
    far: ['CA', 'H2X1Y4'],
    kilometers: [58.8, 506.4],
  },
  'NZL: from Auckland to Hamilton and Wellington': {
    from: ['NZL', '1010'],
    close: ['New Zealand', '3204'],
    far: ['NZ', '6011'],
    kilometers: [114.8, 494.7],
  },
  'FRA: from Paris to Versailles and Lyon': {
    from: ['FRA', '75001'],
    close: ['France', '78000'],
    far: ['FR', '69001'],
    kilometers: [16.5, 392.5],
  },
  'GBR as the centre: from Westminster to Reading and Manchester': {
    from: ['GBR', 'SW1A'],
    close: ['Great Britain', 'RG1 1AA'],
    far: ['uk', 'M1 1AE'],
    kilometers: [58.3, 262.1],
  },
  'NLD, of whose codes the four digits count: from Amsterdam to Rotterdam and, in Germany, Berlin': {
    from: ['NLD', '1012 AB'],
    close: ['the netherlands', '3011'],
    far: ['DE', 'D-10115'],
    kilometers: [57.7, 577],
  },
  'IRL, of whose codes the first three characters count: from Dublin to itself and Cork': {
    from: ['IRL', 'D01 F5P2'],
    close: ['Ireland', 'D01'],
    far: ['IE', 'T12 AB34'],
    kilometers: [0, 223.4],
  },
};

const miles = 1.609344;

/** On either side of both distances, by a hundredth of them and a little more. */
function distances({ from: [country, zip = ''], close, far, kilometers: [shorter, longer] }: Apart) {
  const [beyondClose, withinFar, beyondFar] = [shorter * 1.01 + 0.1, longer * 0.99, longer * 1.01];
  const asked = (unit: string, operator: string, value: number) =>
    near(country, zip, unit, operator, unit === 'miles' ? value / miles : value);
  const [there, yonder] = [lives(...close), lives(...far)];
  return ['kilometers', 'miles'].flatMap((unit) => [
    ...of(asked(unit, 'less-than', beyondClose), [there], [yonder]),
    ...of(asked(unit, 'less-than', withinFar), [there], [yonder]),
    ...of(asked(unit, 'less-than', beyondFar), [there, yonder], []),
    ...of(asked(unit, 'greater-than', withinFar), [yonder], [there]),
    ...of(asked(unit, 'greater-than', beyondFar), [], [there, yonder]),
  ]);
}

export const placeRules: Rules = {
  ...regions,
  ...Object.fromEntries(
    Object.entries(apart).map(([rule, one]) => [`profile-postal-code-distance ${rule}`, distances(one)]),
  ),
};
