// Coupons: definitions whose id is the name that templates use (behaviour 7).
import type { Resource } from '../../jsonapi/resource.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Ports } from '../../ports.ts';
import {
  changeDefinition,
  createDefinition,
  definitionItem,
  definitionsWith,
  readDefinition,
  smallDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { isConflict } from '../../storage/store.ts';
import { couponResource } from './resources.ts';

/** What a coupon is, beside its name. */
interface CouponData {
  /** Another one for each making: codes belong to it. */
  uid: string;
  description?: string;
  monitor?: Readonly<Record<string, unknown>>;
}

export interface Coupon extends CouponData {
  id: string;
}

export const couponOf = ({ id, data }: DefinitionItem): Coupon => ({ id, ...(JSON.parse(data) as CouponData) });

export function couponDocument(item: DefinitionItem): Resource {
  const { id, description, monitor } = couponOf(item);
  return {
    type: couponResource.type,
    id,
    attributes: { external_id: id, description: description ?? null, monitor_configuration: monitor ?? null },
  };
}

interface Told {
  description?: string | null | undefined;
  monitor_configuration?: Readonly<Record<string, unknown>> | null | undefined;
}

function dataOf({ uid, ...before }: CouponData, { description, monitor_configuration: monitor }: Told): CouponData {
  const told = {
    description: description === undefined ? before.description : (description ?? undefined),
    monitor: monitor === undefined ? before.monitor : (monitor ?? undefined),
  };
  return {
    uid,
    ...(told.description !== undefined && { description: told.description }),
    ...(told.monitor && { monitor: told.monitor }),
  };
}

/** Makes a coupon; a 409 when there is one of its name. */
export async function createCoupon(
  ports: Ports,
  account: AccountId,
  { external_id: id, ...told }: Told & { external_id: string },
): Promise<DefinitionItem> {
  const outline = { id, name: id, ...firstVersion(ports) };
  const data = dataOf({ uid: ports.ids.ulid() }, told);
  const item = smallDefinition(definitionItem(account, 'coupon', outline, data), '/data/attributes');
  const exists = () => refuse('conflict', `A coupon with id ${id} exists already.`, '/data/attributes/external_id');
  if ((await findCoupon(ports, account, id)) !== undefined) throw exists();
  try {
    await createDefinition(ports.store, item);
  } catch (error) {
    if (isConflict(error) && (await findCoupon(ports, account, id)) !== undefined) throw exists();
    throw error;
  }
  return item;
}

/** Changes what the request names. */
export function updateCoupon(ports: Ports, account: AccountId, id: string, told: Told): Promise<DefinitionItem> {
  return changeDefinition(
    ports,
    { account, kind: 'coupon', id },
    (before) => ({ name: before.name, data: dataOf(couponOf(before), told) }),
    (item) => smallDefinition(item, '/data/attributes'),
  );
}

/** The coupon, or a 404. */
export const readCoupon = async (ports: Ports, account: AccountId, id: string): Promise<Coupon> =>
  couponOf(await readDefinition(ports.store, account, 'coupon', id));

/** The coupon, or undefined. */
export async function findCoupon(ports: Ports, account: AccountId, id: string): Promise<Coupon | undefined> {
  const [item] = await definitionsWith(ports.store, account, 'coupon', [id]);
  return item && couponOf(item);
}
