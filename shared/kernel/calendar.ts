// Days of the calendar, held as walls at midnight.
import type { Wall } from './zone.ts';

/** `2026-05-01` with or without a time, `05/01/2026`, numbers of one digit too. */
const forms = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[T ].*)?$/,
  /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/,
];

/** The day that a text names; undefined when it names none, as 2026-02-30. */
export function dayFrom(value: unknown): Wall | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  for (const form of forms) {
    const { year, month, day } = form.exec(value.trim())?.groups ?? {};
    if (year === undefined) continue;
    const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
    const there = new Date(date);
    if (there.getUTCMonth() === Number(month) - 1 && there.getUTCDate() === Number(day)) return date;
  }
  return undefined;
}

/** `2026-05-01` of a day. */
export const nameOfDay = (date: Wall): string => new Date(date).toISOString().slice(0, 10);

/** The day that `2026-05-01` names. */
export const dayNamed = (name: string): Wall => Date.parse(`${name}T00:00:00Z`);
