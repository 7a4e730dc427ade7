// Reading dates in templates, and the clocks of time zones.
import { type Instant, minute, second } from '../../../kernel/time.ts';
import { isZone, wallOf } from '../../../kernel/zone.ts';
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
  const wall = wallOf(at, isZone(zone) ? zone : 'UTC');
  return new Moment(at, Math.round((wall - Math.floor(at / second) * second) / minute));
}
