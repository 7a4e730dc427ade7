// What follows from changes of the catalog and of coupons.
import { couponOf } from '../../shared/domain/coupons/index.ts';
import type { AnyEntry, CouponPoolItem, CouponStockItem, DefinitionItem } from '../../shared/storage/items.ts';
import { indexLagSeconds } from '../../shared/storage/table.ts';
import { type Rule, nothing } from './rule.ts';

/** What points at an entry goes after it; by then the indexes have learned of what was written before. */
export const catalogEntry: Rule<AnyEntry> = ({ before, after, account }) => {
  if (!before || before.uid === after?.uid) return nothing;
  const { kind, id, uid } = before;
  const body = { type: 'clear-catalog' as const, account, job: uid, kind, id };
  return { work: [{ queue: 'jobs', body, delaySeconds: indexLagSeconds }] };
};

/** The codes of a coupon that is gone go after it. */
export const coupon: Rule<DefinitionItem> = ({ before, after, account }) => {
  if (!before || after) return nothing;
  const body = { type: 'clear-coupon' as const, account, job: couponOf(before).uid };
  return { work: [{ queue: 'jobs', body, delaySeconds: indexLagSeconds }] };
};

/** More or fewer codes can be given. */
export const couponPool: Rule<CouponPoolItem> = ({ before, after, account }) => {
  const entry = after ?? before;
  if (!entry || (before && after)) return nothing;
  return { work: [{ queue: 'jobs', body: { type: 'coupon-stock', account, job: entry.coupon } }] };
};

export const couponStock: Rule<CouponStockItem> = ({ before, after, account }) => {
  if (!after?.low || before?.low) return nothing;
  const { coupon: id, left, threshold } = after;
  return { events: [{ type: 'coupon.low', account, detail: { coupon: id, left, threshold } }] };
};
