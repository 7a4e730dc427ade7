// Reading dates in templates, and the clocks of time zones.
import { type Instant, minute } from '../../../kernel/time.ts';
import { Moment } from './values.ts';

const written =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s?(Z|[+-]\d{2}:?(?:\d{2})?)?$/;

/** The moment that an ISO 8601 text names, shown in its own offset; without one, UTC. Undefined when it names none. */
export function momentOf(text: string): Moment | undefined {
  const found = written.exec(text.trim());
  if (!found) return undefined;
  const [, year = '', month = '', date = '', hours = '00', minutes = '00', seconds = '00', fraction = '0', zone] =
    found;
  const local = Date.parse(`${year}-${month}-${date}T${hours}:${minutes}:${seconds}.${fraction.slice(0, 3)}Z`);
  if (Number.isNaN(local)) return undefined;
  const offset = offsetOf(zone);
  return new Moment(local - offset * minute, offset);
}

function offsetOf(zone = 'Z'): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const size = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -size : size;
}

/** An instant on the clocks of a time zone; an unknown zone counts as UTC. */
export function momentIn(at: Instant, zone: string): Moment {
  const clock = clockOf(zone);
  const parts = Object.fromEntries(clock.formatToParts(at).map((part) => [part.type, part.value]));
  const { year = '1970', month = '01', day: date = '01', hour = '00', minute: minutes = '00', second = '00' } = parts;
  const local = Date.parse(`${year.padStart(4, '0')}-${month}-${date}T${hour}:${minutes}:${second}Z`);
  return new Moment(at, Math.round((local - Math.floor(at / 1000) * 1000) / minute));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: isZone(zone) ? zone : 'UTC',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  clocks.set(zone, clock);
  return clock;
}
