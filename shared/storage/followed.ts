// Which items' changes the change feed hears of.
import type { AnyItem } from './patterns.ts';

/** The kinds of items from whose changes something follows. All else (claims, counts, records) never wakes the change feed. */
export const followedKinds = [
  'account',
  'campaign',
  'catalog-category',
  'catalog-feed',
  'catalog-item',
  'catalog-variant',
  'coupon',
  'coupon-pool',
  'coupon-stock',
  'due',
  'enrolment',
  'erased',
  'estimate',
  'event',
  'flow',
  'job',
  'list',
  'list-member',
  'merged',
  'message',
  'metric',
  'opt-in',
  'profile',
  'repeated',
  'segment',
  'segment-member',
  'state',
] as const satisfies readonly AnyItem['kind'][];

export type FollowedKind = (typeof followedKinds)[number];
