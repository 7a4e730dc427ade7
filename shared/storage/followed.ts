// Which changes of items the change feed hears of: of all else (claims, counts, records, timers that are done) it is never woken.
import type { AnyItem } from './patterns.ts';
import type { Change, Item } from './store.ts';

/** Changes that are heard of: by what an item is after them, or, of one that is gone, was. An item never changes its kind. */
export interface Followed {
  kinds: readonly AnyItem['kind'][];
  /** Of items that are gone. Otherwise: of those that are there, new or changed. */
  removed?: true;
  /** Only while it stands at one of these. */
  statuses?: readonly string[];
}

/** Something comes of these when they are made or changed. */
const kept = [
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
  'erased',
  'estimate',
  'event',
  'flow',
  'job',
  'list',
  'list-member',
  'merged',
  'metric',
  'opt-in',
  'profile',
  'repeated',
  'segment',
  'segment-member',
  'state',
  'was-member',
] as const;

/** Of these something comes when they are gone, too. */
const removed = [
  'campaign',
  'catalog-category',
  'catalog-feed',
  'catalog-item',
  'coupon',
  'coupon-pool',
  'event',
  'list',
  'list-member',
  'message',
  'profile',
  'segment',
  'segment-member',
] as const;

/** Lambda takes five patterns for a stream. */
export const followed = [
  { kinds: kept },
  // One that waits has a timer; one that is over leads nowhere.
  { kinds: ['enrolment'], statuses: ['active'] },
  // Nobody waits for a claim: what becomes of it counts.
  { kinds: ['message'], statuses: ['QUEUED', 'SENT', 'SKIPPED', 'FAILED', 'UNKNOWN'] },
  { kinds: removed, removed: true },
] as const satisfies readonly Followed[];

export type FollowedKind = (typeof followed)[number]['kinds'][number];

/** Says of a change whether one of the patterns lets it through, as the filters of an event source mapping do. */
export function followedBy(patterns: readonly Followed[]): (change: Pick<Change, 'before' | 'after'>) => boolean {
  const byKind = (ofRemoved: boolean) =>
    new Map<string, readonly string[] | undefined>(
      patterns
        .filter(({ removed: gone = false }) => gone === ofRemoved)
        .flatMap(({ kinds, statuses }) => kinds.map((kind) => [kind, statuses] as const)),
    );
  const [present, gone] = [byKind(false), byKind(true)];
  return ({ before, after }) => {
    const item: (Item & { status?: unknown }) | undefined = after ?? before;
    const rules = after ? present : gone;
    if (!item || !rules.has(item.kind)) return false;
    const statuses = rules.get(item.kind);
    return statuses === undefined || statuses.some((status) => status === item.status);
  };
}
