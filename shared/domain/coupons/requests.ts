// How callers tell of coupons and codes: the schemas of request bodies.
import * as z from 'zod/mini';
import { bag, maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { linkage, requestDocument } from '../../jsonapi/verbs/index.ts';
import { codeStatuses } from './resources.ts';

const name = text({ min: 1, max: 255 });
const changeable = {
  description: maybe(text()),
  monitor_configuration: maybe(bag({ maxKeys: 20, maxBytes: 10 * 1024 })),
};

export const newCoupon = requestDocument('coupon', {
  attributes: z.strictObject({ external_id: name, ...changeable }),
});

export const changedCoupon = requestDocument('coupon', { id: 'required', attributes: z.strictObject(changeable) });

/** The resource object of a new code, alone or as a row of a job. */
export const newCode = z.strictObject({
  type: z.literal('coupon-code'),
  attributes: z.strictObject({ unique_code: name, expires_at: maybe(timestamp()) }),
  relationships: z.strictObject({ coupon: z.strictObject({ data: z.optional(linkage('coupon')) }) }),
});

export const changedCode = requestDocument('coupon-code', {
  id: 'required',
  attributes: z.strictObject({ status: maybe(oneOf(...codeStatuses)), expires_at: maybe(timestamp()) }),
});
