import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { catalogKey } from '../../storage/patterns.ts';
import { compoundId, stockIn, stockOfItem, touchesBy } from '../catalog/index.ts';
import { own } from '../../kernel/bag.ts';
import type { Trigger } from './definition.ts';
import { hasBought } from './offer.ts';

/**
 * Why somebody whom a price drop or low stock let in is not written to any more; undefined: what let them in still holds.
 * Looked at before each message (behaviour 5.2).
 */
export async function whyNotOffered(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  trigger: Trigger,
  profile: string,
  event: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  if (trigger.type !== 'price-drop' && trigger.type !== 'low-inventory') return undefined;
  const [id, item, price] = ['VariantId', 'ProductID', 'Price'].map((name) => own(event, name));
  if (typeof id !== 'string' || typeof item !== 'string') return unavailable;
  const variant = await ports.store.get(catalogKey(account, 'catalog-variant', compoundId(id)));
  if (!variant || stockIn(variant) <= 0) return unavailable;
  if (trigger.type === 'price-drop' && (typeof price !== 'number' || variant.price > price)) return unavailable;
  if (trigger.type === 'low-inventory') {
    const whole = trigger.product_level === 'product';
    const left = whole ? await stockOfItem(ports, account, variant.id) : stockIn(variant);
    if (left > trigger.inventory_count) return unavailable;
  }
  return hasBought(await touchesBy(ports, account, profile, item)) ? 'Fails Flow Filters' : undefined;
}

const unavailable = 'Catalog Item Unavailable';
