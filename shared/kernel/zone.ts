// Wall clocks: what a clock on the wall of a time zone shows at an instant, and the instant at which it shows something.
import { type Instant, day, hour, minute, second } from './time.ts';

/** A reading of a wall clock, held as the instant at which a clock in UTC would show the same. */
export type Wall = number;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

/** True for the name of a time zone that this runtime knows. */
export function isZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The second that each zone's clock was read at last, and what it showed: many ask within one second. */
const readings = new Map<string, { second: number; wall: Wall }>();

/** What a wall clock in the zone shows at an instant, to the second. */
export function wallOf(at: Instant, zone: string): Wall {
  const now = Math.floor(at / second);
  const known = readings.get(zone);
  if (known?.second === now) return known.wall;
  const wall = read(at, zone);
  readings.set(zone, { second: now, wall });
  return wall;
}

function read(at: Instant, zone: string): Wall {
  const fields: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) fields[type] = Number(value);
  const { year = 0, month = 1, day: date = 1, hour: hours = 0, minute: minutes = 0, second: seconds = 0 } = fields;
  return Date.UTC(year, month - 1, date, hours, minutes, seconds);
}

/**
 * The first instant at which a wall clock in the zone shows `wall`. A reading that the clock jumps over (it is put
 * forward) means the instant as far behind the jump as the reading is: half past two becomes half past three.
 */
export function instantOfWall(wall: Wall, zone: string): Instant {
  const offsetAt = (at: Instant) => wallOf(at, zone) - Math.floor(at / second) * second;
  const before = offsetAt(wall - day);
  const candidates = [wall - before, wall - offsetAt(wall + day)].sort((a, b) => a - b);
  return candidates.find((at) => wallOf(at, zone) === wall) ?? wall - before;
}

/** The day of the week of a reading: 0 is Sunday. */
export function weekdayOf(wall: Wall): number {
  return new Date(wall).getUTCDay();
}

/** Midnight of the day of a reading. */
export function dayOf(wall: Wall): Wall {
  return Math.floor(wall / day) * day;
}

/** Milliseconds since midnight of a text such as `09:30` or `09:30:00`; undefined when it is none. */
export function timeOfDay(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (!match) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = match;
  return Number(hours) * hour + Number(minutes) * minute + Number(seconds) * second;
}
