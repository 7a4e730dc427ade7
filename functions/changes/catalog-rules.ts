// What follows from changes of the catalog and of coupons.
import { stockIn } from '../../shared/domain/catalog/index.ts';
import { couponOf } from '../../shared/domain/coupons/index.ts';
import { sortable } from '../../shared/kernel/time.ts';
import type {
  AnyEntry,
  CatalogVariantItem,
  CouponPoolItem,
  CouponStockItem,
  DefinitionItem,
} from '../../shared/storage/items.ts';
import { indexLagSeconds } from '../../shared/storage/table.ts';
import { type Rule, nothing } from './rule.ts';

/** What points at an entry goes after it; by then the indexes have learned of what was written before. */
export const catalogEntry: Rule<AnyEntry> = ({ before, after, account }) => {
  if (!before || before.uid === after?.uid) return nothing;
  const { kind, id, uid } = before;
  const body = { type: 'clear-catalog' as const, account, job: uid, kind, id };
  return { work: [{ queue: 'jobs', body, delaySeconds: indexLagSeconds }] };
};

const soldAs = (variant: CatalogVariantItem) => ({ price: variant.price, stock: stockIn(variant) });

/** Another price or stock: who waits for it, saw it, left it in a cart. By then the indexes have learned of them. */
export const catalogVariant: Rule<CatalogVariantItem> = ({ before, after, account, at }) => {
  if (!after) return nothing;
  const is = soldAs(after);
  const was = before?.uid === after.uid ? soldAs(before) : null;
  if (was === null ? is.stock <= 0 : was.price === is.price && was.stock === is.stock) return nothing;
  const { id: variant, uid, version } = after;
  const body = { type: 'variant' as const, account, variant, uid, version, was, is, at: sortable(at) };
  return { work: [{ queue: 'flows', body, delaySeconds: indexLagSeconds }] };
};

/** A feed that was made or changed is pulled; what was kept of one that is gone goes after it. */
export const catalogFeed: Rule<DefinitionItem> = ({ before, after, account, at }) => {
  if (!after)
    return before ? { work: [{ queue: 'jobs', body: { type: 'clear-feed', account, job: before.id } }] } : nothing;
  const { id, version } = after;
  if (before?.version === version) return nothing;
  return { work: [{ queue: 'jobs', body: { type: 'pull-feed', account, job: id, version, at: sortable(at) } }] };
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
