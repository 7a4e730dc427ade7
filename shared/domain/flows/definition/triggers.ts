// A table: what can start a flow.
import * as z from 'zod/mini';
import { integer, list, maybe, number, oneOf, text } from '../../../jsonapi/fields.ts';
import { lowInventoryFilter, metricTriggerFilter, priceDropFilter } from './conditions.ts';
import { timeOfDay, weekdayList, zoned } from './times.ts';

export const metricTrigger = z.strictObject({
  type: z.literal('metric'),
  id: maybe(text()),
  trigger_filter: maybe(metricTriggerFilter),
});

const group = <Name extends string>(name: Name) => z.strictObject({ type: z.literal(name), id: maybe(text()) });

/** How long before the date, at what time of the day, how often. */
const schedule = {
  timedelta_unit_before_date: z.optional(oneOf('days', 'months', 'weeks')),
  timedelta_value_before_date: integer({ min: 0, max: 3650 }),
  recurrence_frequency: z.optional(oneOf('annually', 'monthly', 'never', 'weekly')),
  ...zoned,
  trigger_time: timeOfDay(),
  trigger_days: maybe(weekdayList),
};

const ofDate = z.literal('date');
export const propertyDate = z.strictObject({
  type: ofDate,
  date_field_type: z.literal('profile-property'),
  date_profile_property: text({ min: 1 }),
  ...schedule,
});
export const objectDate = z.strictObject({
  type: ofDate,
  date_field_type: z.literal('custom-object'),
  custom_object_label: text(),
  custom_object_property_id: integer(),
  object_type_id: text(),
  object_type_relationship_id: text(),
  ...schedule,
});
const dateTrigger = z.discriminatedUnion('date_field_type', [propertyDate, objectDate]);

export const priceDrop = z.strictObject({
  type: z.literal('price-drop'),
  trigger_filter: z.nullable(priceDropFilter),
  price_drop_amount_value: number(),
  price_drop_amount_unit: z.optional(oneOf('currency', 'percent')),
  audience: list(oneOf('checkout-started', 'viewed')),
  timeframe_days: z.optional(integer()),
  currency_type: z.optional(z.literal('usd')),
});

export const lowInventory = z.strictObject({
  type: z.literal('low-inventory'),
  product_level: oneOf('product', 'variant'),
  trigger_filter: z.nullable(lowInventoryFilter),
  inventory_count: integer(),
  audience: list(oneOf('added-to-cart', 'checkout-started', 'viewed')),
  timeframe_days: z.optional(integer()),
});

export const trigger = z.discriminatedUnion('type', [
  metricTrigger,
  group('list'),
  group('segment'),
  dateTrigger,
  priceDrop,
  lowInventory,
]);
