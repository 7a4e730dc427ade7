// Quarters of an hour, UTC: what the hours of every time zone are made of.
import { type Instant, day, instantOf, minute, sortable } from '../../kernel/time.ts';

export const quarter = 15 * minute;

/** When the quarter begins that an instant lies in. */
export const quarterOf = (at: Instant): Instant => Math.floor(at / quarter) * quarter;

/** The name of a quarter's entry in the tally of its day. */
export const entryOf = (start: Instant): `q${number}` => `q${Math.floor((start % day) / quarter)}`;

/** The day of a tally, `2026-11-28`. */
export const dayOfQuarter = (start: Instant): string => sortable(start).slice(0, '2026-11-28'.length);

/** When the quarter of an entry begins. */
export const startOfEntry = (dayName: string, entry: string): Instant =>
  instantOf(`${dayName}T00:00:00.000Z`) + Number(entry.slice(1)) * quarter;

/** When the last quarter of a day begins. */
export const lastQuarterOf = (dayName: string): Instant => startOfEntry(dayName, 'q95');
