import { day } from '../../kernel/time.ts';
import { type Wall, dayOf } from '../../kernel/zone.ts';

/** Month and day of the public holidays of France that stand still. */
const fixed = new Set(['1-1', '5-1', '5-8', '7-14', '8-15', '11-1', '11-11', '12-25']);

/** Days after Easter Sunday of those that move with it: Easter Monday, Ascension, Whit Monday. */
const afterEaster = [1, 39, 50];

/** True on a public holiday of metropolitan France; `date` is a reading of its clock. */
export function isFrenchHoliday(date: Wall): boolean {
  const on = new Date(date);
  if (fixed.has(`${on.getUTCMonth() + 1}-${on.getUTCDate()}`)) return true;
  const easter = easterOf(on.getUTCFullYear());
  return afterEaster.some((days) => dayOf(date) === easter + days * day);
}

/** Easter Sunday of a Gregorian year (Anonymous Gregorian algorithm, Meeus, Astronomical Algorithms, chapter 8). */
function easterOf(year: number): Wall {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1);
}
