import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import { create, get, list, relatedMany, relationship, remove, update } from '../../jsonapi/verbs/index.ts';
import { readDefinition, removeDefinition } from '../../storage/definitions.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { couponDocument, createCoupon, readCoupon, updateCoupon } from './coupon.ts';
import { codeFilters, listCodes } from './list-codes.ts';
import { changedCoupon, newCoupon } from './requests.ts';
import { codeDocument, codeResource, couponResource } from './resources.ts';

const tag = 'Coupons';
export const L = { burst: '75/s', steady: '750/m' };
const stated = { tag, resource: couponResource } as const;
const reads = { ...stated, scopes: ['coupons:read'], tier: L } as const;
const writes = { ...stated, scopes: ['coupons:write'], tier: tiers.S } as const;
const ofCodes = { ...stated, scopes: ['coupon-codes:read'], tier: L, relationship: 'coupon-codes' } as const;
const fields = { fieldsOf: [couponResource] };
const page = { default: 100, max: 100 };

/** The codes of the coupon in the path that the query asks for. */
async function codesAsked(input: Parameters<Operation<Context>['run']>[0], { ports, account }: Context) {
  const { id } = await readCoupon(ports, account, idOf(input));
  const own = { field: 'coupon.id', operator: 'equals', values: [id] } as const;
  return listCodes(ports, account, { ...input.query, filters: [own, ...input.query.filters] });
}

export const couponOperations: readonly Operation<Context>[] = [
  list({
    ...reads,
    id: 'get_coupons',
    summary: 'The coupons of the account, a page at a time.',
    query: { ...fields, page },
    run: async ({ query }, { ports, account }) => {
      const items = await everything(ports.store, definitionsOf(account, 'coupon'));
      return { page: pageInMemory(items.map(couponDocument), query) };
    },
  }),
  create({
    ...writes,
    id: 'create_coupon',
    summary: 'Make a coupon. Its external id is the name that templates use.',
    query: fields,
    body: newCoupon,
    run: async ({ body }, { ports, account }) => ({
      resource: couponDocument(await createCoupon(ports, account, body.data.attributes)),
    }),
  }),
  get({
    ...reads,
    id: 'get_coupon',
    summary: 'One coupon.',
    query: fields,
    run: async (input, { ports, account }) => ({
      resource: couponDocument(await readDefinition(ports.store, account, 'coupon', idOf(input))),
    }),
  }),
  update({
    ...writes,
    id: 'update_coupon',
    summary: 'Change the description of a coupon, and when it counts as running out.',
    query: fields,
    body: changedCoupon,
    run: async (input, { ports, account }) => ({
      resource: couponDocument(await updateCoupon(ports, account, idOf(input), input.body.data.attributes)),
    }),
  }),
  remove({
    ...writes,
    id: 'delete_coupon',
    summary: 'Remove a coupon. Its codes go after it.',
    run: (input, { ports, account }) => removeDefinition(ports.store, account, 'coupon', idOf(input)),
  }),
  relatedMany({
    ...ofCodes,
    id: 'get_coupon_codes_for_coupon',
    summary: 'The codes of a coupon, a page at a time.',
    of: codeResource,
    query: { fieldsOf: [codeResource], filter: codeFilters, page },
    run: async (input, context) => {
      const { codes, next } = await codesAsked(input, context);
      return { page: { resources: codes.map(codeDocument), ...(next !== undefined && { next }) } };
    },
  }),
  relationship({
    ...ofCodes,
    id: 'get_coupon_code_ids_for_coupon',
    summary: 'The ids of the codes of a coupon, a page at a time.',
    of: 'coupon-code',
    many: true,
    query: { filter: codeFilters, page },
    run: async (input, context) => {
      const { codes, next } = await codesAsked(input, context);
      return { linkage: codes.map(({ id }) => ({ type: 'coupon-code', id })), ...(next !== undefined && { next }) };
    },
  }),
];
