// Pages of codes: those of coupons, those of profiles.
import type { ParsedQuery } from '../../jsonapi/operation.ts';
import { type Filter, type FilterSpec, isWithin, rangeOf, textsIn } from '../../jsonapi/query/filter.ts';
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { definitionsWith } from '../../storage/definitions.ts';
import type { CouponCodeItem } from '../../storage/items.ts';
import type { Placed } from '../../storage/merge.ts';
import { codeIdOf, codesOfCoupon, codesOfProfile, couponCodeKey, everyShard } from '../../storage/patterns.ts';
import { siftedPage } from '../../storage/sifted.ts';
import type { Key, Query } from '../../storage/store.ts';
import { couponOf } from './coupon.ts';
import { codeStatuses } from './resources.ts';

const among = { operators: ['any', 'equals'], type: 'string' } as const;

/** What codes may be filtered by (contract: get_coupon_codes). */
export const codeFilters = {
  expires_at: {
    operators: ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'],
    type: 'datetime',
  },
  status: { operators: ['equals'], type: 'string', values: codeStatuses },
  'coupon.id': among,
  'profile.id': among,
} as const satisfies FilterSpec;

type Mark = Placed & Pick<Key, 'pk'>;

/** One page of the codes that a query asks for, in the order of creation. It has to name coupons or profiles. */
export async function listCodes(
  ports: Ports,
  account: AccountId,
  { filters, page: { size, position } }: Pick<ParsedQuery, 'filters' | 'page'>,
): Promise<{ codes: CouponCodeItem[]; next?: string }> {
  const queries = await queriesOf(ports, account, filters);
  const fits = fitting(filters);
  const options = { size, ...(position !== undefined && { position }) };
  const { items, next } = await siftedPage(ports.store, queries, options, async (marks) => {
    const found = await ports.store.getMany(marks.map((mark) => couponCodeKey(account, codeIdOf(mark))));
    return found.filter((code) => code !== undefined).filter(fits);
  });
  return { codes: items, ...(next !== undefined && { next }) };
}

/** The orders in which the codes of the coupons, or else of the profiles, stand. */
async function queriesOf(ports: Ports, account: AccountId, filters: readonly Filter[]): Promise<Query<Mark>[]> {
  const coupons = textsIn(filters, 'coupon.id');
  if (coupons.length > 0) {
    const known = await definitionsWith(ports.store, account, 'coupon', coupons);
    return known.flatMap((item) => everyShard.map((shard) => codesOfCoupon(account, couponOf(item).uid, shard)));
  }
  const profiles = [...new Set(textsIn(filters, 'profile.id'))];
  if (profiles.length > 0) return profiles.map((profile) => codesOfProfile(account, profile));
  throw refuse('missing', 'Filter by coupon.id or by profile.id.', 'filter');
}

function fitting(filters: readonly Filter[]): (code: CouponCodeItem) => boolean {
  const of = (field: string) => filters.filter((filter) => filter.field === field);
  const ends = rangeOf(of('expires_at'));
  const hasOne = (field: string, value: string | undefined) =>
    of(field).every(({ values }) => value !== undefined && values.includes(value));
  return ({ until, status, coupon, profile }) =>
    isWithin(ends, until) && hasOne('status', status) && hasOne('coupon.id', coupon) && hasOne('profile.id', profile);
}
