import * as z from 'zod/mini';
import { bag, maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import type { CouponCodeItem } from '../../storage/items.ts';

export const couponResource: ResourceType = {
  type: 'coupon',
  path: 'coupons',
  attributes: z.object({
    external_id: text(),
    description: maybe(text()),
    monitor_configuration: maybe(bag()),
  }),
};

export const codeStatuses = [
  'ASSIGNED_TO_PROFILE',
  'DELETING',
  'PROCESSING',
  'UNASSIGNED',
  'USED',
  'VERSION_NOT_ACTIVE',
] as const;

export const codeResource: ResourceType = {
  type: 'coupon-code',
  path: 'coupon-codes',
  attributes: z.object({
    unique_code: maybe(text()),
    expires_at: maybe(timestamp()),
    status: maybe(oneOf(...codeStatuses)),
  }),
  relationships: {
    coupon: { type: 'coupon', many: false },
    profile: { type: 'profile', many: false, linked: false },
  },
};

export function codeDocument({ id, coupon, code, until, status, profile }: CouponCodeItem): Resource {
  return {
    type: codeResource.type,
    id,
    attributes: { unique_code: code, expires_at: isoOf(until), status },
    relationships: {
      coupon: { type: 'coupon', id: coupon },
      ...(profile !== undefined && { profile: { type: 'profile', id: profile } }),
    },
  };
}
