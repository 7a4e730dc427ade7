import type { Instant } from '../../kernel/time.ts';
import type { Consents, Suppression } from '../../storage/items.ts';
import type { Person } from '../identity/index.ts';
import type { Positions } from './distance.ts';
import type { Followed } from './follow.ts';
import type { Measure } from './measure.ts';
import type { Occurrence } from './occurrence.ts';
import type { Predictions } from './predicted.ts';

/** The facts of one profile. */
export interface Snapshot {
  person: Person;
  consents: Consents;
  /** Of the email address. */
  suppressions: readonly Suppression[];
  /** The lists that the profile is on, with the time of joining. */
  lists: ReadonlyMap<string, Instant>;
  /** By metric: at least the events that `readsOf` asks for, in any order. */
  events: ReadonlyMap<string, readonly Occurrence[]>;
  /** By `keyOf`: what conditions measure whose events are not there. */
  measures?: ReadonlyMap<string, Measure>;
  funnels?: ReadonlyMap<string, Followed>;
  predicted: Predictions;
  positions: Positions;
}
