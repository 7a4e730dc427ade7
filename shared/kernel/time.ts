/** An instant in milliseconds since 1970, UTC. */
export type Instant = number;

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
export const week = 7 * day;

/** An instant as the API writes it: ISO 8601 to the second with the offset spelled out, `2026-11-23T21:53:48+00:00`. */
export function iso(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`;
}

/** A stored time (`sortable`) as the API writes it. */
export function isoOf(text: string): string {
  return iso(instantOf(text));
}

/** An instant as keys hold it: fixed width, sorts as time does, milliseconds kept. Years 0 to 9999. */
export function sortable(at: Instant): string {
  const known = written.get(at);
  if (known !== undefined) return known;
  const text = new Date(at).toISOString();
  if (written.size === mostWritten) written.clear();
  written.set(at, text);
  return text;
}

/** The last ones: often the same few instants are written again and again, and writing one takes long. */
const written = new Map<Instant, string>();
const mostWritten = 32;

/** The instant of a text made by `iso` or `sortable`, or of any ISO 8601 text with an offset; NaN when it is none. */
export function instantOf(text: string): Instant {
  return Date.parse(text);
}

/** The minute an instant lies in, as keys and schedule names hold it: `2026-11-23T21:53`. */
export function minuteOf(at: Instant): string {
  return sortable(at).slice(0, 16);
}

/** The first instant of a minute named by `minuteOf`. */
export function startOfMinute(name: string): Instant {
  return Date.parse(`${name}:00.000Z`);
}
