// A coupon with a code, and good requests about them.
import type { Stage } from './stage.ts';

/** Ids of what coupons are furnished with. */
export interface CouponThings {
  coupon: string;
  code: string;
  code_job: string;
}

export const couponOf = (external_id: string, rest: object = {}) => ({
  data: { type: 'coupon', attributes: { external_id, description: 'Ten off', ...rest } },
});

export const codeOf = (coupon: string, unique_code: string, rest: object = {}) => ({
  type: 'coupon-code',
  attributes: { unique_code, ...rest },
  relationships: { coupon: { data: { type: 'coupon', id: coupon } } },
});

export const codesOf = (...codes: object[]) => ({
  data: { type: 'coupon-code-bulk-create-job', attributes: { 'coupon-codes': { data: codes } } },
});

/** A good body for every operation on coupons that takes one. */
export const couponBodies: Readonly<Record<string, (things: CouponThings) => object>> = {
  create_coupon: () => couponOf('NEW', { monitor_configuration: { low_balance_threshold: 3 } }),
  update_coupon: ({ coupon }) => ({ data: { type: 'coupon', id: coupon, attributes: { description: 'Twenty off' } } }),
  create_coupon_code: ({ coupon }) => ({ data: codeOf(coupon, 'fresh', { expires_at: '2099-01-01T00:00:00Z' }) }),
  update_coupon_code: ({ code }) => ({ data: { type: 'coupon-code', id: code, attributes: { status: 'USED' } } }),
  bulk_create_coupon_codes: ({ coupon }) => codesOf(codeOf(coupon, 'bulk1'), codeOf(coupon, 'bulk2')),
};

/** What the paths of coupons name. */
export const couponIds: Readonly<Record<string, keyof CouponThings>> = {
  coupons: 'coupon',
  'coupon-codes': 'code',
  'coupon-code-bulk-create-jobs': 'code_job',
};

/** Furnishes an account with a coupon of its own. */
export async function furnishCoupons(stage: Stage, account: string, key: string): Promise<CouponThings> {
  const send = async (target: string, body: unknown): Promise<string> => {
    const { status, text, one } = await stage.send('POST', target, { key, body });
    if (status >= 300) throw new Error(`Furnishing was answered ${status}: ${text}`);
    return one.id;
  };
  const coupon = await send('/api/coupons', couponOf(`coupon-${account}`));
  const code = await send('/api/coupon-codes', { data: codeOf(coupon, 'one') });
  const code_job = await send('/api/coupon-code-bulk-create-jobs', codesOf(codeOf('nobody', 'x')));
  return { coupon, code, code_job };
}
