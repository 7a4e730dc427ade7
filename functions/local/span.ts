import ms, { type StringValue } from 'ms';

const longest = ms('10y');

/** What to say to someone who gave none. */
export const spanHint = 'Say a time span such as 45s, 90m, 2h, 30d or 4w, up to 10 years.';

/** The milliseconds of a time span, `90m`; undefined when it is none. */
export function spanOf(text: unknown): number | undefined {
  if (typeof text !== 'string' || text === '' || text.length > 30) return undefined;
  const span: unknown = ms(text as StringValue);
  return typeof span === 'number' && span >= 0 && span <= longest ? span : undefined;
}
