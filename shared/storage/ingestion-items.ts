// What became of what was told, beside what is counted. Part of items.ts.
import type { Item } from './store.ts';

/** An event that was told again after it had been recorded; beside the one that counts, and moves with it. */
export interface RepeatedItem extends Item {
  kind: 'repeated';
  profile: string;
  metric: string;
  /** The time that it was told with last. */
  at: string;
  unique_id: string;
  /** How often it was told again, at least. */
  n: number;
  /** The file that came with it last and that no event names. */
  file?: string;
  /** When it was told again last. */
  last: string;
  gpk: string;
  gsk: string;
  expires: number;
}

/** Events that were accepted and not recorded, because their person was forgotten after they happened. Names nobody. */
export interface DroppedItem extends Item {
  kind: 'dropped';
  metric_name: string;
  metric_service: string;
  /** When they happened. */
  at: string;
  recorded: string;
  gpk: string;
  gsk: string;
  expires: number;
}
