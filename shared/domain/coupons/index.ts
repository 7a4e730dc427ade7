export { type Allocation, type Recipient, allocateCode } from './allocate.ts';
export { clearCoupon } from './clear.ts';
export { couponCodeOperations } from './code-operations.ts';
export { couponOf } from './coupon.ts';
export { couponOperations } from './coupon-operations.ts';
export { watchStock } from './stock.ts';
export { couponWorkers } from './work.ts';
