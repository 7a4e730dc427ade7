// Who takes the place of somebody that became part of them has not come into a segment anew: they are in since the other was,
// and no flow starts (behaviour 5.3). A segment that was stopped keeps its members: the place is taken there too.
import { expiryAt } from '../../storage/expiry.ts';
import type { Instant } from '../../kernel/time.ts';
import type { Glance } from './gather.ts';
import type { Held } from './reason.ts';
import type { Segment } from './segment.ts';

/** Since when the others were in, by segment: of several the first counts. */
export function placesLeft({ was }: Glance, now: Instant): ReadonlyMap<string, string> {
  const standing = was.filter(({ expires }) => expires > expiryAt(now));
  const latestFirst = standing.toSorted((a, b) => (a.joined < b.joined ? 1 : -1));
  return new Map(latestFirst.map(({ segment, joined }) => [segment, joined]));
}

/** The segments among these that others were in. */
export function placedAmong(segments: readonly Segment[], { was }: Glance): readonly Segment[] {
  if (was.length === 0) return [];
  const left = new Set(was.map(({ segment }) => segment));
  return segments.filter(({ id }) => left.has(id));
}

/** The segments among these that keep their members as they are. */
export function stoppedAmong(segments: Iterable<string>, { active, ids }: Held): string[] {
  const going = new Set(active.map(({ id }) => id));
  return [...segments].filter((id) => ids.has(id) && !going.has(id));
}
