// Who waits for what, who is told of it, and who had to do with which item; see items.ts.
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

/** What a person does with an item of the catalog. */
export type Touch = 'viewed' | 'added-to-cart' | 'checkout-started' | 'ordered';

/** That a person had to do with an item of the catalog, and when they did it last; follows their events. */
export interface TouchItem extends Item {
  kind: 'touch';
  how: Touch;
  /** The caller's own id of the item. */
  item: string;
  at: string;
  /** What it cost then, as far as the event says. */
  price?: number;
  expires: number;
  /** Among those who did so with the item; nobody looks for who ordered it. */
  gpk?: string;
  gsk?: string;
}

/** The last drops of the price of an item: which changes of its variants fell together. */
export interface DropsItem extends Item {
  kind: 'drops';
  /** Raised by every write; the optimistic lock. */
  version: number;
  /** Oldest first; a change is the uid and the version of a variant. */
  drops: { name: string; at: string; changes: string[] }[];
  expires: number;
}
