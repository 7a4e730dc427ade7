// Filters on values: properties of people, and of what they did.
import { type Case, type Rules, type Values, about, exists, flag, held, list, number, text } from './case.ts';

/** A value that is not there. */
const missing = undefined;

interface Compared extends Values {
  filter: object;
}

/** Filters that people's and events' properties share. */
const shared: Readonly<Record<string, Compared>> = {
  'string equals: case counts, and only a text is a text': {
    filter: text('equals', 'gold'),
    yes: ['gold'],
    no: ['Gold', 'golden', ['gold'], missing],
  },
  'string not-equals: what is missing does not match': {
    filter: text('not-equals', 'gold'),
    yes: ['Gold', 'silver'],
    no: ['gold', '', null, missing, 7],
  },
  'string contains: case counts': { filter: text('contains', 'ol'), yes: ['gold', 'ol'], no: ['GOLD', 'silver'] },
  'string not-contains: what is missing does not match': {
    filter: text('not-contains', 'ol'),
    yes: ['silver', 'OL'],
    no: ['gold', '', missing],
  },
  'string starts-with: case counts': { filter: text('starts-with', 'go'), yes: ['gold'], no: ['Gold', 'a gold'] },
  'string not-starts-with: what is missing does not match': {
    filter: text('not-starts-with', 'go'),
    yes: ['silver', 'Gold'],
    no: ['gold', missing],
  },
  'string ends-with: case counts': { filter: text('ends-with', 'old'), yes: ['gold'], no: ['gOLD', 'golds'] },
  'string not-ends-with: what is missing does not match': {
    filter: text('not-ends-with', 'old'),
    yes: ['silver', 'golds'],
    no: ['gold', missing],
  },
  'string regex: found anywhere, by case unless it says (?i)': {
    filter: text('regex', 'ol'),
    yes: ['gold'],
    no: ['GOLD', 42, missing],
  },
  'string regex: ^ and $ are the ends of the text': {
    filter: text('regex', '(?i)^GO.*d$'),
    yes: ['gold', 'Gowned'],
    no: ['a gold', 'golds'],
  },
  'string nregex: what is missing does not match': {
    filter: text('nregex', '^g.*d$'),
    yes: ['silver'],
    no: ['gold', missing],
  },
  'string in: one of the values, by case': {
    filter: text('in', ['gold', 'silver']),
    yes: ['gold', 'silver'],
    no: ['Silver', 'copper', missing],
  },
  'string not-in: what is missing does not match': {
    filter: text('not-in', ['gold', 'silver']),
    yes: ['copper', 'Gold'],
    no: ['gold', missing],
  },
  'numeric equals: only a number is a number': { filter: number('equals', 3), yes: [3, 3.0], no: [4, '3', missing] },
  'numeric not-equals: what is missing does not match': {
    filter: number('not-equals', 3),
    yes: [4, -3],
    no: [3, '4', missing],
  },
  'numeric greater-than excludes its bound': { filter: number('greater-than', 3), yes: [3.5], no: [3, missing] },
  'numeric greater-than-or-equal includes its bound': {
    filter: number('greater-than-or-equal', 3),
    yes: [3, 4],
    no: [2.9, missing],
  },
  'numeric less-than excludes its bound': { filter: number('less-than', 3), yes: [2.9, -1], no: [3, missing] },
  'numeric less-than-or-equal includes its bound': {
    filter: number('less-than-or-equal', 3),
    yes: [3, 2],
    no: [3.1, missing],
  },
  'boolean equals true: only true is': { filter: flag(true), yes: [true], no: [false, 'true', 1, missing] },
  'boolean equals false: what is missing is not false': { filter: flag(false), yes: [false], no: [true, missing] },
  'list length-equals': { filter: list('length-equals', 2), yes: [['a', 'b']], no: [['a'], 'ab', missing] },
  'list length-greater-than excludes its bound': {
    filter: list('length-greater-than', 1),
    yes: [['a', 'b']],
    no: [['a'], missing],
  },
  'list length-greater-than-or-equal includes its bound': {
    filter: list('length-greater-than-or-equal', 2),
    yes: [['a', 'b']],
    no: [['a']],
  },
  'list length-less-than: what is missing is no empty list': {
    filter: list('length-less-than', 1),
    yes: [[]],
    no: [['a'], missing],
  },
  'list length-less-than-or-equal includes its bound': {
    filter: list('length-less-than-or-equal', 1),
    yes: [['a'], []],
    no: [['a', 'b'], missing],
  },
  'list: only flat lists are looked into': {
    filter: list('length-equals', 1),
    yes: [['a']],
    no: [[{ a: 1 }], [['a']]],
  },
};

const ofPeople: Readonly<Record<string, Compared>> = {
  'existence is-set: 0, false and an empty list are set, null and the empty text are not': {
    filter: exists('is-set'),
    yes: [0, false, [], 'x'],
    no: [null, '', missing],
  },
  'existence not-set: null and the empty text are not set': {
    filter: exists('not-set'),
    yes: [null, '', missing],
    no: [0, false, 'x'],
  },
  'list contains: an item, by case and type': {
    filter: list('contains', 'a'),
    yes: [['a', 'b']],
    no: [['A'], 'a', [], missing],
  },
  'list contains: a number': { filter: list('contains', 1), yes: [[1, 2]], no: [['1']] },
  'list not-contains: what is missing does not match': {
    filter: list('not-contains', 'c'),
    yes: [['a'], []],
    no: [['c'], missing],
  },
};

const ofEvents: Readonly<Record<string, Compared>> = {
  'existence is-set: of events 0 is not set, and neither are null and the empty text': {
    filter: exists('is-set'),
    yes: [1, false, [], 'x'],
    no: [0, null, '', missing],
  },
  'existence not-set: of events 0 is not set': {
    filter: exists('not-set'),
    yes: [0, null, '', missing],
    no: [1, 'x'],
  },
  'numeric less-than: of events 0 is not set and matches nothing': {
    filter: number('less-than', 5),
    yes: [4, -1],
    no: [0, 5],
  },
  'list contains-any: one of the values is in it': {
    filter: list('contains-any', ['x', 'z']),
    yes: [['x', 'y']],
    no: [['y'], [], missing],
  },
  'list contains-all: all of the values are in it': {
    filter: list('contains-all', ['x', 'y']),
    yes: [['y', 'x', 'z']],
    no: [['x'], missing],
  },
  'list not-contains-any: what is missing does not match': {
    filter: list('not-contains-any', ['z']),
    yes: [['x'], []],
    no: [['z', 'x'], missing],
  },
  'list not-contains-all: what is missing does not match': {
    filter: list('not-contains-all', ['x', 'z']),
    yes: [['x']],
    no: [['x', 'z'], missing],
  },
  'list contains-substring: a part of an item, by case': {
    filter: list('contains-substring', 'ed'),
    yes: [['red']],
    no: [['RED'], ['blue'], missing],
  },
  'list not-contains-substring: what is missing does not match': {
    filter: list('not-contains-substring', 'ed'),
    yes: [['blue'], []],
    no: [['red'], missing],
  },
};

/** One rule for each filter. */
const comparing = (all: Readonly<Record<string, Compared>>, cases: (one: Compared) => Case[]): Rules =>
  Object.fromEntries(Object.entries(all).map(([rule, one]) => [rule, cases(one)]));

const property = (name: string, filter: object) => ({ type: 'profile-property', property: name, filter });

const custom = ({ filter, ...values }: Compared) =>
  held(property("properties['plan']", filter), (plan) => (plan === missing ? {} : { properties: { plan } }), values);

const phone = (operator: string, values: Values) =>
  held(
    property('phone_number', text(operator, ['US', 'GB'])),
    (number) => (number === missing ? {} : { attributes: { phone_number: number } }),
    values,
  );

/** What the fields of a location may be, and what each may be elsewhere. */
const located: Readonly<Record<string, readonly [string, string] | readonly [number, number]>> = {
  address1: ['Rue A 1', 'Rue B 2'],
  address2: ['Door 3', 'Door 4'],
  country: ['FR', 'DE'],
  latitude: [45.7, 52.5],
  longitude: [4.8, 13.4],
  region: ['ARA', 'BE'],
  zip: ['69001', '10115'],
  timezone: ['Europe/Paris', 'Europe/Berlin'],
  ip: ['192.0.2.1', '192.0.2.2'],
};
const every = Object.fromEntries(Object.entries(located).map(([field, [there]]) => [field, there]));

const places: Rules = {
  'of an attribute is named as it is': held(
    property('first_name', text('equals', 'Ana')),
    (first_name) => ({ attributes: { first_name } }),
    { yes: ['Ana'], no: ['ana'] },
  ),
  'of a location is named by location': held(
    property("location['city']", text('equals', 'Lyon')),
    (city) => ({ location: { city } }),
    { yes: ['Lyon'], no: ['Paris'] },
  ),
  'last_name is looked up by its own name': held(
    property('last_name', text('equals', 'Silva')),
    (last_name) => ({ attributes: { first_name: 'Silva', last_name } }),
    { yes: ['Silva'], no: ['Ana', missing] },
  ),
  ...Object.fromEntries(
    Object.entries(located).map(([field, [there, elsewhere]]): [string, Case[]] => [
      `location ${field}`,
      held(
        property(`location['${field}']`, typeof there === 'number' ? number('equals', there) : text('equals', there)),
        (value) => ({ location: { ...every, [field]: value } }),
        { yes: [there], no: [elsewhere] },
      ),
    ]),
  ),
  'phone-country-code-in: the country of the number': phone('phone-country-code-in', {
    yes: ['+442071838750', '+14155552671'],
    no: ['+16135550123', missing],
  }),
  'phone-country-code-not-in: without a number neither': phone('phone-country-code-not-in', {
    yes: ['+16135550124'],
    no: ['+442071838751', missing],
  }),
};

export const propertyRules: Rules = about('profile-property', {
  ...comparing({ ...shared, ...ofPeople }, custom),
  ...places,
});

/** Of the property `a` of one event that happened `at`. */
export const eventPropertyRules = (condition: (filter: object) => object, at: number): Rules =>
  comparing({ ...shared, ...ofEvents }, ({ filter, ...values }) =>
    held(
      condition(filter),
      (a) => ({ events: [{ metric: 'Order1', at, value: 0, properties: a === missing ? {} : { a } }] }),
      values,
    ),
  );
