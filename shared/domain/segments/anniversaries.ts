// What comes again every year, by the month and day of a date in UTC, whatever its year. 29 February is kept on the 28th in
// years without one, so that it stays in its month.
import { type Instant, day } from '../../kernel/time.ts';
import { type Span, type Spans, spanAfter, spanBefore } from './timeline.ts';

/** In every year at the same time of the same day. */
export function anniversaryIn(year: number, at: Instant): Instant {
  const date = new Date(at);
  const [month, dayOfMonth] = [date.getUTCMonth(), date.getUTCDate()];
  const there = Date.UTC(year, month, Math.min(dayOfMonth, daysIn(year, month)));
  return there + (((at % day) + day) % day);
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** Whole days and months in which the anniversary lies, and stretches before and after it. */
const yearly = {
  anniversary: (year, at) => {
    const start = Math.floor(anniversaryIn(year, at) / day) * day;
    return { from: start, to: start + day };
  },
  'anniversary-month': (year, at) => {
    const month = new Date(at).getUTCMonth();
    return { from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
  },
  'anniversary-last': (year, at, length) => spanAfter(anniversaryIn(year, at), length),
  'anniversary-next': (year, at, length) => spanBefore(anniversaryIn(year, at), length),
} as const satisfies Record<string, (year: number, at: Instant, length: number) => Span>;

export type Anniversary = keyof typeof yearly;

/** True of operators that look at anniversaries. */
export const isAnniversary = (operator: string): operator is Anniversary => Object.hasOwn(yearly, operator);

/** The longest gap between two anniversaries. */
const gap = 366 * day;

/** The spans around `now` in which the anniversary of `at` lies in the timeframe; known up to the next year's end. */
export function anniversaries(operator: Anniversary, at: Instant, length: number, now: Instant): Spans {
  // A stretch this long holds an anniversary whenever one looks.
  if (length >= gap) return { spans: [{ from: -Infinity, to: Infinity }], until: Infinity };
  const year = new Date(now).getUTCFullYear();
  const spans = [-1, 0, 1, 2, 3].map((ahead) => yearly[operator](year + ahead, at, length));
  return { spans: joined(spans), until: Date.UTC(year + 2, 0) };
}

/** Ascending spans with those that touch or overlap made one. */
function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else apart.push({ ...span });
  }
  return apart;
}
