// Who waits for what, and who is told of it; see items.ts.
import type { Item } from './store.ts';

/** A restock of a variant, of which those who wait for it are told in batches, oldest first. */
export interface RestockItem extends Item {
  kind: 'restock';
  /** Raised by every write; the optimistic lock. */
  version: number;
  /** Names the restock; later ones of the variant sort behind. */
  restock: string;
  /** `over`: the stock was gone when a batch was to begin. */
  status: 'open' | 'over';
  batch: number;
  /** How many people the batch may tell: what was in stock when it began. Absent until then. */
  room?: number;
  /** How many it has told. */
  told: number;
  /** When the batch may begin, while it waits for that. */
  until?: string;
}

/** Of which restock of a variant a flow told a person last: of each restock once. */
export interface ToldItem extends Item {
  kind: 'told';
  flow: string;
  variant: string;
  restock: string;
}
