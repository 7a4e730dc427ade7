import * as z from 'zod/mini';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { command, get, list, relatedOne, relationship, remove, update } from '../../jsonapi/verbs/index.ts';
import { definitionsWith } from '../../storage/definitions.ts';
import type { CouponCodeItem } from '../../storage/items.ts';
import { couponCodeKey } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { bulkJobOperations, bulkJobResource } from '../jobs/index.ts';
import { createCode, readCode, removeCode, updateCode } from './codes.ts';
import { couponDocument } from './coupon.ts';
import { L } from './coupon-operations.ts';
import { codeFilters, listCodes } from './list-codes.ts';
import { changedCode, newCode } from './requests.ts';
import { codeDocument, codeResource, couponResource } from './resources.ts';

const tag = 'Coupons';
const stated = { tag, resource: codeResource } as const;
const reads = { ...stated, scopes: ['coupon-codes:read'], tier: tiers.XL } as const;
const writes = { ...stated, scopes: ['coupon-codes:write'], tier: tiers.XL } as const;
const ofCoupon = { ...stated, scopes: ['coupons:read'], tier: L, relationship: 'coupon' } as const;
const fields = { fieldsOf: [codeResource] };
const include = { coupon: couponResource };

/** The coupons of codes, each once. */
async function couponsOf({ ports, account }: Context, codes: readonly CouponCodeItem[]): Promise<Resource[]> {
  const items = await definitionsWith(
    ports.store,
    account,
    'coupon',
    codes.map(({ coupon }) => coupon),
  );
  return items.map(couponDocument);
}

export const couponCodeOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_coupon_codes',
    summary: 'The codes of coupons, or those that profiles were given, a page at a time.',
    query: { ...fields, include, filter: codeFilters, filterRequired: true, page: { default: 100, max: 100 } },
    run: async ({ query }, context) => {
      const { codes, next } = await listCodes(context.ports, context.account, query);
      const included = query.include.has('coupon') ? await couponsOf(context, codes) : [];
      return { page: { resources: codes.map(codeDocument), ...(next !== undefined && { next }) }, included };
    },
  }),
  command({
    ...writes,
    id: 'create_coupon_code',
    summary: 'Make a code of a coupon. It is good for a year unless it says until when.',
    path: '/api/coupon-codes',
    query: fields,
    body: z.strictObject({ data: newCode }),
    status: 200,
    answers: { kind: 'resource', of: codeResource },
    run: async ({ body }, { ports, account }) => ({
      resource: codeDocument(await createCode(ports, account, body.data)),
    }),
  }),
  get({
    ...reads,
    id: 'get_coupon_code',
    summary: 'One code, and with its coupon when asked.',
    query: { ...fields, include },
    run: async (input, context) => {
      const code = await readCode(context.ports, context.account, idOf(input));
      const included = input.query.include.has('coupon') ? await couponsOf(context, [code]) : [];
      return { resource: codeDocument(code), included };
    },
  }),
  update({
    ...writes,
    id: 'update_coupon_code',
    summary: 'Change the status of a code, and until when it is good.',
    query: fields,
    body: changedCode,
    run: async (input, { ports, account }) => ({
      resource: codeDocument(await updateCode(ports, account, idOf(input), input.body.data.attributes)),
    }),
  }),
  remove({
    ...writes,
    id: 'delete_coupon_code',
    summary: 'Remove a code that nobody was given.',
    run: (input, { ports, account }) => removeCode(ports, account, idOf(input)),
  }),
  relatedOne({
    ...ofCoupon,
    id: 'get_coupon_for_coupon_code',
    summary: 'The coupon of a code.',
    of: couponResource,
    query: { fieldsOf: [couponResource] },
    run: async (input, context) => {
      const [coupon] = await couponsOf(context, [await readCode(context.ports, context.account, idOf(input))]);
      return { resource: coupon ?? null };
    },
  }),
  relationship({
    ...ofCoupon,
    id: 'get_coupon_id_for_coupon_code',
    summary: 'The id of the coupon of a code.',
    of: 'coupon',
    many: false,
    run: async (input, { ports, account }) => {
      const { coupon } = await readCode(ports, account, idOf(input));
      return { linkage: { type: 'coupon', id: coupon } };
    },
  }),
  ...bulkJobOperations({
    type: 'coupon-code-bulk-create',
    resource: bulkJobResource('coupon-code-bulk-create-job', 'coupon-codes', 'coupon-code'),
    tag,
    scopes: { read: 'coupon-codes:read', write: 'coupon-codes:write' },
    tiers: { read: L, write: L },
    ids: {
      create: 'bulk_create_coupon_codes',
      list: 'get_bulk_create_coupon_code_jobs',
      get: 'get_bulk_create_coupon_codes_job',
    },
    does: 'create up to 1000 codes',
    body: z.strictObject({
      data: z.strictObject({
        type: z.literal('coupon-code-bulk-create-job'),
        attributes: z.strictObject({
          'coupon-codes': z.strictObject({
            data: z
              .array(newCode)
              .check(
                z.minLength(1, 'Name at least one code.'),
                z.maxLength(1000, 'At most 1000 codes fit in one job.'),
              ),
          }),
        }),
      }),
    }),
    rowsOf: (body) => body.data.attributes['coupon-codes'].data,
    most: 100,
    made: {
      relationship: 'coupon-codes',
      of: codeResource,
      load: async ({ ports, account }, ids) => {
        const codes = await ports.store.getMany(ids.map((id) => couponCodeKey(account, id)));
        return codes.flatMap((code) => (code ? [codeDocument(code)] : []));
      },
    },
  }),
];
