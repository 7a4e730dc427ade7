// Low stock: whether few codes of a coupon are left. What the stock comes to is written down; the change feed tells the bus.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { CouponStockItem } from '../../storage/items.ts';
import { couponPool, couponStockKey, everyShard } from '../../storage/patterns.ts';
import { type Coupon, findCoupon } from './coupon.ts';

/** The most that a threshold is counted to. */
const largestThreshold = 1000;

/** Codes left at which a coupon is low: what its monitor says (`low_balance_threshold`), else none. */
function thresholdOf({ monitor }: Coupon): number {
  const asked = monitor?.['low_balance_threshold'];
  const threshold = typeof asked === 'number' && asked > 0 ? Math.floor(asked) : 0;
  return Math.min(threshold, largestThreshold);
}

/** Counts the codes of a coupon that can be given, no further than needed, and notes whether they are few. */
export async function watchStock(ports: Ports, account: AccountId, id: string): Promise<void> {
  const coupon = await findCoupon(ports, account, id);
  if (coupon === undefined) return;
  const threshold = thresholdOf(coupon);
  const now = sortable(ports.clock.now());
  const limit = threshold + 1;
  const pages = await Promise.all(
    everyShard.map((shard) => ports.store.query({ ...couponPool(account, coupon.uid, shard), limit })),
  );
  const left = pages.flatMap(({ items }) => items).filter(({ until }) => until > now).length;
  const low = left <= threshold;
  const key = couponStockKey(account, coupon.uid);
  const before = await ports.store.get(key);
  if (before?.low === low) return;
  const item: CouponStockItem = {
    ...key,
    kind: 'coupon-stock',
    coupon: id,
    low,
    left: Math.min(left, limit),
    threshold,
  };
  await ports.store.write({ put: item });
}
