// Definitions and histories in a small world.
import fc from 'fast-check';
import type { BuiltCondition, Definition } from '../../shared/domain/segments/index.ts';
import { ways } from '../golden/segments/consents.ts';
import { amounts, anyCondition, anyConsent, funnel, metric, otherConditions } from './segment-conditions.ts';
import { date, lists, metrics, small, time, word } from './segment-filters.ts';
import type { Facts, Said } from './segment-oracle.ts';

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
      channel_affinity: fc.constant({ email: { priority: 1, rank: 'high' }, push: { priority: 2, rank: 'low' } }),
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
