// Who takes the place of somebody that became part of them has not come into a segment anew: they are in since the other was,
// and no flow starts (behaviour 5.3). A segment that was stopped keeps its members: the place is taken there too.
import { type Instant, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import { removalOf } from '../../storage/store.ts';
import type { Glance } from './gather.ts';
import type { Held } from './reason.ts';
import type { Segment } from './segment.ts';

/** So soon after the first look those come that tell of the events that came along: who is in by them takes the place still. */
const soon = minute;

/** Since when the others were in, by segment: of several the first counts. */
export function placesLeft({ was }: Glance, now: Instant): ReadonlyMap<string, string> {
  const standing = was.filter(({ expires, judged }) => {
    return expires > expiryAt(now) && (judged === undefined || now < instantOf(judged) + soon);
  });
  const latestFirst = standing.toSorted((a, b) => (a.joined < b.joined ? 1 : -1));
  return new Map(latestFirst.map(({ segment, joined }) => [segment, joined]));
}

/** Takes away the notes of places that are taken, and keeps in mind of the others that somebody has looked. */
export async function closePlaces(
  { store }: Pick<Ports, 'store'>,
  { was }: Glance,
  verdicts: ReadonlyMap<string, boolean>,
  now: Instant,
): Promise<void> {
  const taken = was.filter(({ segment }) => verdicts.get(segment) === true);
  if (taken.length > 0) await store.writeMany(taken.map(removalOf));
  const open = was.filter(({ segment, judged }) => verdicts.get(segment) === false && judged === undefined);
  for (const { pk, sk } of open) {
    await writeIfStill(store, { update: { pk, sk }, set: { judged: sortable(now) }, if: { present: true } });
  }
}

/** The segments among these that others were in. */
export function placedAmong(segments: readonly Segment[], { was }: Glance): readonly Segment[] {
  if (was.length === 0) return [];
  const left = new Set(was.map(({ segment }) => segment));
  return segments.filter(({ id }) => left.has(id));
}

/** The segments that others were in and that keep their members as they are, as far as nobody has looked yet. */
export function stoppedAmong({ was }: Glance, { active, ids }: Held): string[] {
  const going = new Set(active.map(({ id }) => id));
  return was.flatMap(({ segment, judged }) => {
    return judged === undefined && ids.has(segment) && !going.has(segment) ? segment : [];
  });
}
