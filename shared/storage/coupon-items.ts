// Coupons' codes and who was given them; see items.ts. Coupons themselves are definitions.
import type { Item } from './store.ts';

export type CouponCodeStatus =
  'UNASSIGNED' | 'ASSIGNED_TO_PROFILE' | 'USED' | 'PROCESSING' | 'DELETING' | 'VERSION_NOT_ACTIVE';

export interface CouponCodeItem extends Item {
  kind: 'coupon-code';
  /** `{coupon}-{code}` */
  id: string;
  coupon: string;
  coupon_uid: string;
  code: string;
  status: CouponCodeStatus;
  /** When it ends. */
  until: string;
  version: number;
  created: string;
  /** Who was given it. */
  profile?: string;
  /** With which message. */
  message?: string;
  gpk: string;
  gsk: string;
  /** Among the codes of the profile. */
  upk?: string;
  usk?: string;
}

/** A code that can be given: there while the code is UNASSIGNED, and taken away in the transaction that gives it. */
export interface CouponPoolItem extends Item {
  kind: 'coupon-pool';
  id: string;
  coupon: string;
  until: string;
  expires: number;
}

/** A code was given to a person with a message. */
export interface CouponGrantItem extends Item {
  kind: 'coupon-grant';
  /** The id of the code. */
  id: string;
  coupon: string;
  code: string;
  message: string;
  at: string;
}

/** Whether a coupon runs out: few codes are left that can be given. */
export interface CouponStockItem extends Item {
  kind: 'coupon-stock';
  coupon: string;
  low: boolean;
  left: number;
  threshold: number;
}
