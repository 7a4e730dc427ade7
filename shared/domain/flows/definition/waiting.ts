// A table: the actions that wait.
import * as z from 'zod/mini';
import { component, integer, maybe, oneOf } from '../../../jsonapi/fields.ts';
import { step } from './step.ts';
import { timeOfDay, weekdayList, zoned } from './times.ts';

const until = { delay_until_time: maybe(timeOfDay()), delay_until_weekdays: maybe(weekdayList) };

export const timeDelay = component(
  'TimeDelay',
  z.strictObject({
    ...step,
    type: z.literal('time-delay'),
    data: z.strictObject({
      unit: z.optional(oneOf('days', 'hours', 'minutes')),
      value: integer({ min: 0, max: 525_600 }),
      secondary_value: maybe(integer({ min: 0, max: 59 })),
      ...zoned,
      ...until,
    }),
  }),
);

/** Until the date of a date flow. */
export const targetDate = component(
  'TargetDate',
  z.strictObject({
    ...step,
    type: z.literal('target-date'),
    data: z.strictObject({ ...zoned, target_time: z.optional(timeOfDay()), target_days: maybe(weekdayList) }),
  }),
);

/** Until some time before the date of a date flow. */
export const countdownDelay = component(
  'CountdownDelay',
  z.strictObject({
    ...step,
    type: z.literal('countdown-delay'),
    data: z.strictObject({
      unit: z.optional(oneOf('days', 'months', 'weeks')),
      value: z.optional(integer()),
      ...zoned,
      ...until,
    }),
  }),
);

export const backInStockDelay = component(
  'BackInStockDelay',
  z.strictObject({ ...step, type: z.literal('back-in-stock-delay') }),
);
