// Workers of the release before run beside today's, over the same people: when an event comes late they leave what they do
// not know as it is. So the state tells what whoever wrote it last knows to keep right.
import type { StateItem } from '../../storage/items.ts';
import { type Kept, nothingKept } from './heads.ts';

/**
 * Levels: 1 keeps totals; 2 also those of anniversaries, trails of funnels, and what the state holds of them. Who keeps
 * more things gives them a level of their own.
 */
export const levelNow = 2;

/** What whoever wrote the state last keeps right. A release that does not know of levels leaves the version of another. */
export const levelOf = (state: StateItem | undefined): number =>
  state?.knows?.version === state?.version ? (state?.knows?.level ?? 1) : 1;

/** Without what those of this level let become wrong. */
export const reliable = (kept: Kept, level: number): Kept =>
  level >= levelNow
    ? kept
    : { totals: new Map([...kept.totals].filter(([, { years }]) => years === undefined)), trails: nothingKept.trails };
