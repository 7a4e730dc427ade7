import type { Instant } from '../kernel/time.ts';

const shape = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * The ISO 8601 text of an instant with its offset spelled out: a missing offset means UTC, a space may stand for the T, a
 * date alone is its first instant. Undefined when the text is no datetime or names a day or time that does not exist.
 */
export function normalInstant(text: string): string | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hours = '00', minutes = '00', seconds = '00', fraction, offset] = match;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  const decimals = fraction === undefined ? '' : `.${fraction}`;
  const normal = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}${decimals}${normalOffset(offset)}`;
  return Number.isNaN(Date.parse(normal)) ? undefined : normal;
}

/** The instant of an ISO 8601 text as `normalInstant` reads it; undefined when it is none. */
export function instantIn(text: string): Instant | undefined {
  const normal = normalInstant(text);
  return normal === undefined ? undefined : Date.parse(normal);
}

/** Date.parse takes 30 February for 2 March; we do not. */
function isDay(year: number, month: number, day: number): boolean {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}

function normalOffset(offset: string | undefined): string {
  if (offset === undefined || offset.toUpperCase() === 'Z') return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
