// Codes of coupons: made, changed and removed. Beside a code that can be given stands its entry in the coupon's pool.
import { notFound, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { day, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { CouponCodeItem, CouponCodeStatus, CouponPoolItem } from '../../storage/items.ts';
import { couponCodeIndex, couponCodeKey, couponPoolKey } from '../../storage/patterns.ts';
import { TransactionRefused, type Write } from '../../storage/store.ts';
import { type Coupon, findCoupon } from './coupon.ts';

/** How long a code is good for when nobody says (behaviour 7). */
const year = 365 * day;

export interface NewCode {
  attributes: { unique_code: string; expires_at?: string | null | undefined };
  relationships: { coupon: { data?: { id: string } | undefined } };
}

/** The code's id: the coupon's and its own (behaviour 7). */
export const codeId = (coupon: string, code: string): string => `${coupon}-${code}`;

export const aboutNewCode = ({ attributes, relationships }: NewCode): string =>
  codeId(relationships.coupon.data?.id ?? '', attributes.unique_code);

/** The code, read consistently, or a 404. */
export async function readCode(ports: Ports, account: AccountId, id: string): Promise<CouponCodeItem> {
  const item = await ports.store.get(couponCodeKey(account, id));
  if (item === undefined) throw notFound('coupon-code', id);
  return item;
}

function poolEntry(account: AccountId, { coupon, coupon_uid: uid, id, until }: CouponCodeItem): CouponPoolItem {
  const expires = expiryAt(instantOf(until));
  return { ...couponPoolKey(account, uid, id), kind: 'coupon-pool', id, coupon, until, expires };
}

/** Makes a code that can be given. Refuses with a 409 one that exists, with a 404 a coupon that does not. */
export async function createCode(
  ports: Ports,
  account: AccountId,
  { attributes, relationships }: NewCode,
  alongside: readonly Write[] = [],
): Promise<CouponCodeItem> {
  const named = relationships.coupon.data?.id;
  if (named === undefined) throw refuse('missing', 'A code belongs to a coupon.', '/data/relationships/coupon/data');
  const coupon = await findCoupon(ports, account, named);
  if (!coupon) throw notFound('coupon', named, '/data/relationships/coupon/data/id');
  const now = ports.clock.now();
  const until = untilOf(attributes.expires_at) ?? now + year;
  if (until <= now) throw refuse('invalid', 'The code would have expired already.', '/data/attributes/expires_at');
  const item = newCode(account, coupon, attributes.unique_code, { now: sortable(now), until: sortable(until) });
  try {
    await ports.store.transact([{ put: item, if: { absent: true } }, { put: poolEntry(account, item) }, ...alongside]);
  } catch (error) {
    if (!(error instanceof TransactionRefused && error.refusals[0]?.failed)) throw error;
    throw refuse('conflict', `A coupon-code with id ${item.id} exists already.`, '/data/attributes/unique_code');
  }
  return item;
}

const untilOf = (told: string | null | undefined) =>
  told === undefined || told === null ? undefined : instantOf(told);

function newCode(
  account: AccountId,
  coupon: Coupon,
  code: string,
  { now, until }: { now: string; until: string },
): CouponCodeItem {
  const id = codeId(coupon.id, code);
  return {
    ...couponCodeKey(account, id),
    kind: 'coupon-code',
    id,
    coupon: coupon.id,
    coupon_uid: coupon.uid,
    code,
    status: 'UNASSIGNED',
    until,
    version: 1,
    created: now,
    ...couponCodeIndex(account, coupon.uid, id, now),
  };
}

/** Changes status and expiry; an expiry that is taken away is a year from now, as that of a new code. A code that was given to somebody is never one that can be given again. */
export function updateCode(
  ports: Ports,
  account: AccountId,
  id: string,
  told: { status?: CouponCodeStatus | null | undefined; expires_at?: string | null | undefined },
): Promise<CouponCodeItem> {
  return untilWon(async () => {
    const before = await readCode(ports, account, id);
    const status = told.status ?? before.status;
    if (status === 'UNASSIGNED' && before.profile !== undefined)
      throw refuse('invalid', 'The code was given to a profile and cannot be given again.', '/data/attributes/status');
    const { expires_at: end } = told;
    const until = end === null ? ports.clock.now() + year : untilOf(end);
    const item: CouponCodeItem = {
      ...before,
      status,
      until: until === undefined ? before.until : sortable(until),
      version: before.version + 1,
    };
    const entry = poolEntry(account, item);
    await ports.store.transact([
      { put: item, if: { equals: { version: before.version } } },
      status === 'UNASSIGNED' ? { put: entry } : { remove: { pk: entry.pk, sk: entry.sk } },
    ]);
    return item;
  });
}

/** Removes a code; one that was given to somebody stays, with a 409 (contract: delete_coupon_code). */
export async function removeCode(ports: Ports, account: AccountId, id: string): Promise<void> {
  await untilWon(async () => {
    const item = await readCode(ports, account, id);
    if (item.profile !== undefined || item.status === 'ASSIGNED_TO_PROFILE')
      throw refuse('conflict', `The coupon-code with id ${id} was given to a profile.`);
    const { pk, sk } = poolEntry(account, item);
    await ports.store.transact([
      { remove: couponCodeKey(account, id), if: { equals: { version: item.version } } },
      { remove: { pk, sk } },
    ]);
  });
}
