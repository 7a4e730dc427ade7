// A trail: how far somebody has come in a funnel, kept so that a look reads few of their events. Legs of time, one after the
// other; of each is known how far the person had come at its end. Where late events lie it is gone again, until the
// person has come as far as before (docs/adr/0015).
import type { Instant } from '../../kernel/time.ts';
import { type Attempt, type Course, type Happening, type Progress, nowhere, summary, wentOn } from './attempts.ts';
import { smallestPart } from './blocks.ts';
import type { Range } from './total.ts';
import type { Edges } from './windows.ts';

export interface Leg {
  upTo: Instant;
  /** Events that lie in it: what it costs to go it again. */
  count: number;
  /** At its end. */
  progress: Progress;
  /** Of the attempts that were found in it to be good for ever, the one that began last. */
  done: Attempt | null;
}

export interface Trail {
  /** The trail begins after this instant. */
  from: Instant;
  legs: readonly Leg[];
}

/** What happened after `after`, up to `upTo`, and of how many events it was found; read consistently. */
export type Tell = (after: Instant, upTo: Instant) => Promise<{ happenings: readonly Happening[]; count: number }>;

const mostLegs = 12;
/** So many attempts that can still be spoiled are written down of one leg; with more of them the events are read. */
const mostOpen = 300;
/** With so many in all, legs are made longer. */
const manyOpen = 120;

/** Up to where the trail goes; from there on events are read. */
export const endOfTrail = ({ from, legs }: Trail): Instant => legs.at(-1)?.upTo ?? from;

export const progressOf = ({ legs }: Trail): Progress => legs.at(-1)?.progress ?? nowhere;

/** The attempt that counts longest of those that are good for ever. */
export const doneOf = ({ legs }: Trail): Attempt | null => legs.reduce<Attempt | null>(laterOf, null);

const laterOf = (best: Attempt | null, { done }: Pick<Leg, 'done'>) =>
  best === null || (done !== null && done.start > best.start) ? done : best;

/** The trail as of now: legs that the timeframe has left are gone, and those that changed events lie in are gone again. */
export async function retraced(
  course: Course,
  trail: Trail,
  { moving, after }: Edges,
  late: Range | undefined,
  tell: Tell,
): Promise<{ trail: Trail; recounted: boolean }> {
  // What began before the timeframe does not count, however far it came.
  const from = Math.max(trail.from, moving ? after : -Infinity);
  const legs: Leg[] = [];
  let [start, differs, recounted] = [from, false, false];
  for (const leg of trail.legs.filter(({ upTo }) => upTo > from)) {
    const { upTo } = leg;
    if (differs || (late !== undefined && late.to > start && late.from <= upTo)) {
      const { happenings, count } = await tell(start, upTo);
      const again = legOf(course, progressOf({ from, legs }), happenings, { upTo, count });
      differs = !isSame(again.progress, leg.progress);
      recounted = true;
      legs.push(again);
    } else legs.push(leg);
    start = upTo;
  }
  return { trail: { from, legs }, recounted };
}

/**
 * The trail gone on through what happened, found in events of these times, ascending; `keep` of the newest are left out,
 * but none when no more can follow. Undefined: it was not.
 */
export function goneOn(
  course: Course,
  trail: Trail,
  { happenings, times }: { happenings: readonly Happening[]; times: readonly Instant[] },
  keep: number,
  { end, upTo: counting }: Edges,
): Trail | undefined {
  const isOver = counting === end;
  const parts = partsOf(times, Math.max(0, times.length - (isOver ? 0 : keep)));
  const last = parts.at(-1);
  if (last === undefined) return undefined;
  if (isOver) last.upTo = end;
  const legs = [...trail.legs];
  let start = endOfTrail(trail);
  for (const part of parts) {
    const within = happenings.filter(({ at }) => at > start && at <= part.upTo);
    legs.push(legOf(course, progressOf({ from: trail.from, legs }), within, part));
    start = part.upTo;
  }
  const isMuch = openIn(fewerLegs(legs, mostLegs)) > mostOpen;
  return isMuch ? undefined : { from: trail.from, legs };
}

/** With no more legs than are kept for long. */
export const shorter = (trail: Trail): Trail => ({ ...trail, legs: fewerLegs(trail.legs, mostLegs) });

function legOf(
  course: Course,
  before: Progress,
  happenings: readonly Happening[],
  { upTo, count }: Pick<Leg, 'upTo' | 'count'>,
): Leg {
  return { upTo, count, ...summary(course, wentOn(course, before, happenings), upTo) };
}

/** Stretches of the first `cut` of these times; what happened at one instant stays together. */
function partsOf(times: readonly Instant[], cut: number): Pick<Leg, 'upTo' | 'count'>[] {
  const size = Math.max(smallestPart, Math.ceil((2 * cut) / mostLegs));
  const parts: Pick<Leg, 'upTo' | 'count'>[] = [];
  let begun = 0;
  for (const [i, upTo] of times.slice(0, cut).entries()) {
    const isWanted = i + 1 - begun >= size || i + 1 === cut;
    if (!isWanted || times[i + 1] === upTo) continue;
    parts.push({ upTo, count: i + 1 - begun });
    begun = i + 1;
  }
  return parts;
}

const openIn = (legs: readonly Leg[]) => legs.reduce((sum, { progress }) => sum + progress.open.length, 0);

/** With the smallest neighbours made one until there are so few, and few attempts to write down. */
export function fewerLegs(legs: readonly Leg[], most: number): readonly Leg[] {
  const few = [...legs];
  while (few.length > most || (few.length > 1 && openIn(few) > manyOpen)) {
    const together = few.slice(1).map((leg, i) => leg.count + (few[i]?.count ?? 0));
    const smallest = together.indexOf(Math.min(...together));
    const [a, b] = few.slice(smallest, smallest + 2);
    if (!a || !b) break;
    few.splice(smallest, 2, { ...b, count: a.count + b.count, done: laterOf(a.done, b) });
  }
  return few;
}

const isSame = (a: Progress, b: Progress) => JSON.stringify(a) === JSON.stringify(b);
