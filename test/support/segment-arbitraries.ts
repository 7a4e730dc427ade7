// Definitions and histories in a small world.
import fc from 'fast-check';
import type { BuiltCondition, Definition } from '../../shared/domain/segments/index.ts';
import { ways } from '../golden/segments/consents.ts';
import { amounts, anyCondition, anyConsent, everyWay, funnel, metric, otherConditions } from './segment-conditions.ts';
import { date, lists, metrics, small, time, word } from './segment-filters.ts';
import type { Facts, Said } from './segment-oracle.ts';
import { type Way, propertiesIn, waysIn } from './segment-asked.ts';

export { lists, metrics, start } from './segment-filters.ts';
export { conditionsNear } from './segment-conditions.ts';

/** Definitions of up to three groups of up to three conditions, more than half about events. */
export const definitions: fc.Arbitrary<Definition> = fc.record({
  condition_groups: fc.array(
    fc.record({
      conditions: fc.array(
        fc.oneof(
          { weight: 5, arbitrary: metric },
          { weight: 2, arbitrary: funnel },
          ...otherConditions.map((arbitrary) => ({ weight: 1, arbitrary })),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

const alone = (condition: fc.Arbitrary<BuiltCondition>): fc.Arbitrary<Definition> =>
  condition.map((one) => ({ condition_groups: [{ conditions: [one] }] }));

/** Definitions of one condition about events. */
export const metricDefinitions = alone(fc.oneof({ weight: 2, arbitrary: metric }, funnel));

/** Definitions of one condition of any kind. */
export const singleDefinitions = alone(anyCondition);

/** Definitions of one condition on consent. */
export const consentDefinitions = alone(anyConsent);

/** Definitions of one condition on the way in which consent was given or withdrawn. */
export const wayDefinitions = alone(fc.constantFrom(...everyWay));

const anything = fc.oneof(
  word,
  small,
  fc.boolean(),
  fc.constant(null),
  date,
  fc.constantFrom('1992-02-29', '2024-02-29T12:00:00Z', '1990-01-10', '2027-03-01', '2031-12-31T23:59:59Z'),
  fc.array(fc.constantFrom<unknown>('red', 1, 'blue', 'blue', {}), { maxLength: 2 }),
);
const bag = fc.dictionary(fc.constantFrom('a', 'b', 'c'), anything, { maxKeys: 3 });

const said: fc.Arbitrary<Said> = fc.record({
  state: fc.constantFrom('SUBSCRIBED' as const, 'UNSUBSCRIBED' as const),
  at: time,
  method: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('API', 'FORM', 'MANUAL_ADD') },
    fc.constantFrom('INTEGRATION', ...ways['sms unsubscribed'].plain.map((one) => one.toUpperCase())),
  ),
  detail: fc.constantFrom('F1', 'F3', 'shopify', '', null),
  custom: fc.constantFrom('Till', null),
  double: fc.boolean(),
});

const places = [
  { country: 'US', zip: '10001' },
  { country: 'United States', zip: '02108-1234' },
  { country: 'usa' },
  { country: 'DE', zip: '10115' },
  { country: 'Germany', zip: '99999999' },
  { country: 'United Kingdom', zip: 'SW1A 1AA' },
  { country: 'FR' },
  { country: 'Atlantis', zip: '10001' },
];

const facts = fc.record({
  attributes: fc.record({
    first_name: fc.option(word),
    email: fc.option(fc.constant('red@example.com')),
    phone_number: fc.option(fc.constantFrom('+14155552671', '+16135550123', '+442071838750', '+4930901820')),
  }),
  location: fc
    .tuple(fc.option(word, { nil: undefined }), fc.option(fc.constantFrom(...places), { nil: {} }))
    .map(([city, place]) => ({ ...(city !== undefined && { city }), ...place })),
  properties: bag,
  email: fc
    .record({ said: fc.option(said, { nil: undefined }), suppressed: fc.boolean() })
    .map(({ said: email, suppressed }) => ({
      state: email?.state ?? null,
      suppressed,
      ...(email && { said: email }),
    })),
  suppressions: fc.uniqueArray(
    fc.record({ reason: fc.constantFrom('HARD_BOUNCE', 'USER_SUPPRESSED', 'INVALID_EMAIL'), at: time }),
    { selector: ({ reason }) => reason, maxLength: 2 },
  ),
  others: fc.record({ sms: said, push: said, whatsapp: said, whatsapp_transactional: said }, { requiredKeys: [] }),
  predicted: fc.record(
    {
      expected_date_of_next_purchase: date,
      ...Object.fromEntries(amounts.map((name) => [name, small])),
      predicted_gender: fc.constantFrom('likely_female', 'uncertain'),
      channel_affinity: fc.constant({
        ...{ email: { priority: 1, rank: 'high' }, push: { priority: 2, rank: 'low' } },
        ...{ sms: { priority: 2, rank: 'high' }, whatsapp: { priority: 1, rank: 'low' } },
      }),
    },
    { requiredKeys: [] },
  ),
  lists: fc.uniqueArray(fc.record({ id: fc.constantFrom(...lists), joined: time }), {
    selector: ({ id }) => id,
    maxLength: 2,
  }),
  events: fc.array(
    fc.record({
      metric: fc.constantFrom(...metrics),
      at: time,
      value: fc.constantFrom(0, 0.1, 0.2, 1, 1.5, -1, 10),
      properties: bag,
    }),
    { maxLength: 8 },
  ),
});

/** All facts of one profile. Whoever has no address, has withdrawn or is suppressed for a reason cannot be mailed. */
export const histories: fc.Arbitrary<Facts> = facts.map((all) => {
  const { email, suppressions, attributes } = all;
  const without = attributes.email === null || suppressions.length > 0;
  return { ...all, email: { ...email, suppressed: email.suppressed || without } };
});

type Channel = Way['channel'];

/** What is told anew: as the definition asks or not, and all consent recorded so much later or earlier. */
interface Retelling {
  asked: number | null;
  said: Said;
  isFree: boolean;
  late: number;
  /** By the type of the filter on it. */
  values: Readonly<Record<string, unknown>>;
}

const hour = 3_600_000;
const retelling: fc.Arbitrary<Retelling> = fc.record({
  asked: fc.option(fc.nat({ max: 11 }), { freq: 3 }),
  said,
  isFree: fc.boolean(),
  // A merge makes a withdrawal as late as the grant that it outranks: then it was recorded before.
  late: fc.constantFrom(0, 0, 1000, hour, 2 * hour, 5 * hour, 24 * hour, -hour),
  values: fc.record({
    ...{ string: word, numeric: small, boolean: fc.boolean(), date },
    list: fc.array(fc.constantFrom<unknown>('red', 'blue', 1), { maxLength: 3 }),
  }),
});

/** What was said of each channel. */
function toldBy({ email, others = {} }: Facts): ReadonlyMap<Channel, Said> {
  const told = new Map(Object.entries(others) as [Channel, Said][]);
  return email.said ? told.set('email', email.said) : told;
}

/** The facts when this was said of the channels. */
function saying(facts: Facts, told: ReadonlyMap<Channel, Said>): Facts {
  const { email: said, ...others } = Object.fromEntries(told) as Partial<Record<Channel, Said>>;
  const { suppressed } = facts.email;
  return { ...facts, email: { state: said?.state ?? null, suppressed, ...(said && { said }) }, others };
}

/** Somebody who says one thing in this way; `isFree`: whom nothing keeps from getting email. */
function sayingSo(facts: Facts, way: Way, { asked, said: given, isFree }: Retelling): Facts {
  const { channel, state, method, details } = way;
  const detail = details[(asked ?? 0) % details.length] ?? given.detail;
  const so = { ...given, state, method: method.toUpperCase(), detail };
  const told = saying(facts, new Map([...toldBy(facts), [channel, so]]));
  if (!isFree || channel !== 'email') return told;
  return { ...told, email: { ...told.email, suppressed: false }, suppressions: [] };
}

/** Somebody who has the properties that are asked for, of the types that are asked for. */
function having(facts: Facts, definition: Definition, { values }: Retelling): Facts {
  const properties = { ...facts.properties };
  for (const [name, type] of propertiesIn(definition)) if (type in values) properties[name] = values[type];
  return { ...facts, properties };
}

function recorded(facts: Facts, { late }: Retelling): Facts {
  const told = [...toldBy(facts)].map(([channel, one]) => [channel, { ...one, recorded: one.at + late }] as const);
  return saying(facts, new Map(told));
}

function retold(facts: Facts, definition: Definition, anew: Retelling): Facts {
  if (anew.asked === null) return recorded(facts, anew);
  const ways = waysIn(definition);
  const way = ways[anew.asked % ways.length];
  return recorded(having(way ? sayingSo(facts, way, anew) : facts, definition, anew), anew);
}

/** Definitions, each with all facts of a profile, who often is and says what the definition asks for. */
export const casesOf = (asked: fc.Arbitrary<Definition>): fc.Arbitrary<readonly [Definition, Facts]> =>
  fc
    .tuple(asked, histories, retelling)
    .map(([definition, facts, anew]) => [definition, retold(facts, definition, anew)] as const);
