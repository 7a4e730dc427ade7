// What travels because of the catalog; part of messages.ts.
import * as z from 'zod/mini';

const sold = z.object({ price: z.number(), stock: z.number() });

/** What a variant costs, or how much of it can be bought, is not what it was; `was` is null for a new one. */
export const variantChanged = z.object({
  type: z.literal('variant'),
  account: z.string(),
  /** Its compound id. */
  variant: z.string(),
  uid: z.string(),
  /** That of the variant after the change. */
  version: z.number(),
  was: z.nullable(sold),
  is: sold,
  /** When it changed, `sortable`. */
  at: z.string(),
});

/** A price fell (`drop` names it), or little is left: look at a stretch of those who had to do with the item. */
export const audience = z.object({
  ...variantChanged.shape,
  type: z.literal('audience'),
  flow: z.string(),
  how: z.enum(['viewed', 'added-to-cart', 'checkout-started']),
  drop: z.optional(z.string()),
  shard: z.number(),
  /** Where the stretch before ended. */
  after: z.optional(z.string()),
});

/** An event was recorded that is about items of the catalog. */
export const touch = z.object({
  type: z.literal('touch'),
  account: z.string(),
  profile: z.string(),
  /** The sort key of the event. */
  event: z.string(),
  how: z.enum(['viewed', 'added-to-cart', 'checkout-started', 'ordered']),
});

/** Somebody waits for a variant to be in stock: see whether it is. */
export const waitsFor = z.object({ type: z.literal('waits'), account: z.string(), variant: z.string() });

/** A batch of those who wait for a variant is told of its restock. */
export const restock = z.object({
  type: z.literal('restock'),
  account: z.string(),
  variant: z.string(),
  restock: z.string(),
  batch: z.number(),
});

/** Remove what pointed at an entry of the catalog that was removed, or was kept of a feed; `job` is its uid, or id. */
export const clearCatalog = z.object({
  type: z.literal('clear-catalog'),
  account: z.string(),
  job: z.string(),
  kind: z.enum(['catalog-item', 'catalog-variant', 'catalog-category', 'catalog-feed']),
  id: z.string(),
});

/** A feed of the catalog is to be pulled: it was made or changed at `at`, or its time (`at`, `sortable`) has come; `job` is its id. */
export const pullFeed = z.object({
  type: z.literal('pull-feed'),
  account: z.string(),
  job: z.string(),
  version: z.number(),
  at: z.string(),
});
