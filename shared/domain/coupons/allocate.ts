// One code for one recipient: the claim on the code, the entry in the pool, the note of who was given what and the event change
// in one transaction, so that no code goes out twice and a message that is tried again carries the code that it had.
import { type AccountId, derivedId, shardOf } from '../../kernel/ids.ts';
import { type Instant, minute, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { pagesOf } from '../../storage/pages.ts';
import type { CouponGrantItem, CouponPoolItem } from '../../storage/items.ts';
import {
  codesOfCoupon,
  couponCodeKey,
  couponGrantKey,
  couponPool,
  couponPoolKey,
  everyShard,
  holderIndex,
  profileKey,
  shards,
} from '../../storage/patterns.ts';
import { ConditionFailed, TransactionRefused } from '../../storage/store.ts';
import { internalService, newEvent } from '../events/index.ts';
import { type Coupon, findCoupon } from './coupon.ts';

/** Whom a code is for, and with which message: the same again gets the same code. */
export interface Recipient {
  /** The coupon's external id, as templates name it. */
  coupon: string;
  profile: string;
  message: string;
  /** When the message was made; absent: just now. */
  asked?: Instant;
}

/** The code, or the documented reason to skip the message (behaviour 5.6). */
export type Allocation = { code: string } | { skipped: NoCode };

/** None of that name; one that has no codes at all, or is being removed; none left; none won for so long (see below). */
type NoCode =
  | "Coupon Code Doesn't Exist"
  | 'Coupon Category Unavailable'
  | 'No More Uploaded Coupons Remain'
  | 'Unable to Create Coupon';

/** What a code that is given is an event of, once for each code. */
const assignedMetric = { name: 'Coupon Assigned', service: internalService };

/** Entries looked at together. */
const pageSize = 10;
/** Walks through the pool while others are in the way, before the message is left to be tried again. */
const mostWalks = 8;
/** A message is tried again for this long while others are in the way, and is skipped then: soon its queue would give it up. */
const patience = 10 * minute;

/** Gives a recipient a code of a coupon: one that is unassigned and not expired. Rejects when others were in the way all along. */
export async function allocateCode(ports: Ports, account: AccountId, recipient: Recipient): Promise<Allocation> {
  const coupon = await findCoupon(ports, account, recipient.coupon);
  if (coupon === undefined) return { skipped: "Coupon Code Doesn't Exist" };
  const given = await ports.store.get(grantKey(account, coupon, recipient));
  if (given !== undefined) return { code: given.code };
  for (let walk = 0; walk < mostWalks; walk += 1) {
    const found = await walkPool(ports, account, coupon, recipient);
    if (found === 'empty') return { skipped: await whyEmpty(ports, account, coupon) };
    if (found !== 'crowded') return { code: found.code };
  }
  const now = ports.clock.now();
  if (now - (recipient.asked ?? now) >= patience) return { skipped: 'Unable to Create Coupon' };
  throw new Error(`The codes of the coupon ${coupon.id} were taken by others as soon as they were found.`);
}

/** Nothing can be left of what never was. */
async function whyEmpty({ store }: Ports, account: AccountId, { uid }: Coupon): Promise<NoCode> {
  const pages = await Promise.all(
    everyShard.map((shard) => store.query({ ...codesOfCoupon(account, uid, shard), limit: 1 })),
  );
  const hasCodes = pages.some(({ items }) => items.length > 0);
  return hasCodes ? 'No More Uploaded Coupons Remain' : 'Coupon Category Unavailable';
}

const grantKey = (account: AccountId, { uid }: Coupon, { profile, message }: Recipient) =>
  couponGrantKey(account, profile, uid, message);

/** Tries every code in turn, each recipient from a place of their own. */
async function walkPool(
  ports: Ports,
  account: AccountId,
  coupon: Coupon,
  recipient: Recipient,
): Promise<CouponGrantItem | 'empty' | 'crowded'> {
  const now = sortable(ports.clock.now());
  let crowded = false;
  for await (const entry of entriesFrom(ports, account, coupon, `${recipient.profile} ${recipient.message}`)) {
    if (entry.until <= now) continue;
    const grant = await claim(ports, account, { coupon, recipient, entry, now });
    if (grant !== undefined) return grant;
    crowded = true;
  }
  return crowded ? 'crowded' : 'empty';
}

/** All entries of the pool, from a place that `name` chooses: to the end, and from the beginning. */
async function* entriesFrom(
  { store }: Ports,
  account: AccountId,
  { uid }: Coupon,
  name: string,
): AsyncGenerator<CouponPoolItem> {
  const first = shardOf(name, shards);
  const start = derivedId(8, name);
  for (const turn of everyShard) {
    const shard = (first + turn) % shards;
    for (const range of [{ from: start }, { to: start }])
      for await (const { items } of pagesOf(store, { ...couponPool(account, uid, shard, range), limit: pageSize }))
        yield* items;
  }
}

interface Claim {
  coupon: Coupon;
  recipient: Recipient;
  entry: CouponPoolItem;
  now: string;
}

/** Takes the code for the recipient; undefined when somebody else was faster. Throws ConditionFailed when the person is gone. */
async function claim(
  ports: Ports,
  account: AccountId,
  { coupon, recipient, entry, now }: Claim,
): Promise<CouponGrantItem | undefined> {
  const { profile, message } = recipient;
  const { id } = entry;
  const grant: CouponGrantItem = {
    ...grantKey(account, coupon, recipient),
    kind: 'coupon-grant',
    id,
    coupon: coupon.id,
    code: id.slice(coupon.id.length + 1),
    message,
    at: now,
  };
  const event = await newEvent(ports, account, profile, {
    metric: assignedMetric,
    properties: { Coupon: coupon.id, 'Coupon Code': grant.code },
    unique_id: id,
  });
  const holder = { status: 'ASSIGNED_TO_PROFILE', profile, message, ...holderIndex(account, profile, id, now) };
  try {
    await ports.store.transact([
      { check: profileKey(account, profile), if: { present: true } },
      { put: event, if: { absent: true } },
      { put: grant, if: { absent: true } },
      {
        update: couponCodeKey(account, id),
        set: holder,
        add: { version: 1 },
        if: { equals: { status: 'UNASSIGNED' } },
      },
      { remove: couponPoolKey(account, coupon.uid, id), if: { present: true } },
    ]);
    return grant;
  } catch (error) {
    if (!(error instanceof TransactionRefused)) throw error;
    // A twin of this message may have been faster: then the code is the one that it took.
    const twin = await ports.store.get(grantKey(account, coupon, recipient));
    // Merged into somebody else, or forgotten: whoever sends the message finds out.
    if (!twin && error.refusals[0]?.failed === true) throw new ConditionFailed();
    return twin;
  }
}
