// How trails are written down: short, as they are read with every look.
import type { Instant } from '../../kernel/time.ts';
import type { Attempt } from './attempts.ts';
import { time, timeOf } from './totals-text.ts';
import type { Leg, Trail } from './trail.ts';

/** How long before the end of its leg it began, and how long after that it came where it is if it did; a dash of none. */
function attempt(one: Attempt | null, upTo: Instant): string {
  if (one === null) return '-';
  const { start, end } = one;
  return end === start ? time(upTo - start) : `${time(upTo - start)} ${time(end - start)}`;
}

function attemptOf(text: string, upTo: Instant): Attempt | null {
  if (text === '-') return null;
  const [before = '', after = '0'] = text.split(' ');
  const start = upTo - timeOf(before);
  return { start, end: start + timeOf(after) };
}

/** Up to, count, and attempts parted by commas: done, reached, open. */
type Written = [from: string, ...legs: string[]];

function leg({ upTo, count, done, progress: { reached, open } }: Leg): string {
  const some = (attempts: readonly (Attempt | null)[]) => attempts.map((one) => attempt(one, upTo)).join();
  return [`${time(upTo)} ${count}`, attempt(done, upTo), some(reached), some(open)].join('|');
}

function legOf(text: string): Leg {
  const [place = '', done = '', reached = '', open = ''] = text.split('|');
  const [end = '', count = ''] = place.split(' ');
  const upTo = timeOf(end);
  const some = (list: string) => (list === '' ? [] : list.split(',').map((one) => attemptOf(one, upTo)));
  return {
    upTo,
    count: Number(count),
    done: attemptOf(done, upTo),
    progress: { reached: some(reached), open: some(open).filter((one) => one !== null) },
  };
}

/** By condition (`keyOf`), as JSON. */
export function textOfTrails(trails: ReadonlyMap<string, Trail>): string {
  const written = [...trails].map(([key, { from, legs }]): [string, Written] => [key, [time(from), ...legs.map(leg)]]);
  return JSON.stringify(Object.fromEntries(written));
}

export function trailsOf(text: string): Map<string, Trail> {
  const written = Object.entries(JSON.parse(text) as Record<string, Written>);
  return new Map(written.map(([key, [from, ...legs]]) => [key, { from: timeOf(from), legs: legs.map(legOf) }]));
}
