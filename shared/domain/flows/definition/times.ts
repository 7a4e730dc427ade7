// A table: how actions and triggers name times.
import * as z from 'zod/mini';
import { list, oneOf, text } from '../../../jsonapi/fields.ts';
import { weekdays } from '../weekdays.ts';
import { timeZones } from './time-zones.ts';

/** The clock that is read: that of the person, or of one zone. */
export const zoned = { timezone: z.optional(oneOf('profile', ...timeZones)) };

/** `09:30:00`. */
export const timeOfDay = () => text().register(z.globalRegistry, { format: 'time' });

export const weekdayList = list(oneOf(...weekdays), { max: 7 });
