// A shop with variants that people wait for, look at and buy.
import { changeAccount } from '../../../shared/domain/account/index.ts';
import { backInStockMetric, compoundId } from '../../../shared/domain/catalog/index.ts';
import { createItem, createVariant, updateVariant } from '../../../shared/domain/catalog/sold.ts';
import { recordEvent } from '../../../shared/domain/events/index.ts';
import type { Action, Definition } from '../../../shared/domain/flows/definition.ts';
import { createFlow, setStatus } from '../../../shared/domain/flows/flow.ts';
import type { RestockItem, Restocking } from '../../../shared/storage/items.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { definition, email } from './building.ts';
import { type Mood, account, openShop } from './world.ts';
import { metricIdOf } from '../../support/metric-id.ts';

export const variant = compoundId('kettle-red');

export const restockDelay = (id: string, next: string | null): Action => ({
  id,
  type: 'back-in-stock-delay',
  links: { next },
});

/** A kettle, out of stock, and a flow that tells of its restock. */
export async function openStockedShop(
  rules: Restocking = { minimum: 1, per_unit: 2, wait_minutes: 30 },
  moodOf?: () => Mood,
  loses?: () => boolean,
) {
  const shop = await openShop(moodOf, loses);
  const { ports } = shop;
  await changeAccount(ports, account, { restocking: rules });
  const words = { title: 'Kettle', description: 'Boils', url: 'https://shop.test/kettle' };
  await createItem(ports, account, { type: 'catalog-item', attributes: { external_id: 'kettle', ...words } });
  const putsUpForSale = (inventory_quantity: number, external_id = 'kettle-red') =>
    createVariant(ports, account, {
      type: 'catalog-variant',
      attributes: { external_id, ...words, sku: 'K1', inventory_quantity, price: 40 },
      relationships: { item: { data: { type: 'catalog-item', id: compoundId('kettle') } } },
    });
  await putsUpForSale(0);
  const id = await metricIdOf(ports, account, backInStockMetric);
  let asked = 0;
  return {
    ...shop,
    putsUpForSale,
    /** Makes a live flow of these actions that waits for restocks. */
    restockFlow: async (
      actions: Action[] = [restockDelay('stock', 'told'), email('told', null)],
      rest: Partial<Definition> = {},
    ) => {
      const triggers: Definition['triggers'] = [{ type: 'metric', id, trigger_filter: null }];
      const made = await createFlow(ports, account, {
        name: 'Restock',
        definition: definition(actions, { triggers, ...rest }),
      });
      return setStatus(ports, account, made.id, 'live');
    },
    /** Somebody asks to be told; a second later than who asked before. */
    asks: async (name: string) => {
      shop.tick();
      asked += 1;
      return recordEvent(ports, account, {
        metric: backInStockMetric,
        properties: { VariantId: 'kettle-red' },
        unique_id: `${name} ${asked}`,
        profile: { identifiers: { email: `${name}@shop.test-mail.org` }, attributes: {} },
      });
    },
    changes: (attributes: { inventory_quantity?: number; price?: number; published?: boolean }) =>
      updateVariant(ports, account, { type: 'catalog-variant', id: variant, attributes }),
    /** Makes a live flow of these actions. */
    catalogFlow: async (actions: Action[], rest: Pick<Definition, 'triggers'>) => {
      const made = await createFlow(ports, account, { name: 'Catalog', definition: definition(actions, rest) });
      return setStatus(ports, account, made.id, 'live');
    },
    /** Somebody does something with the kettle, or what the properties name. */
    does: async (name: string, metric: string, properties: object = { ProductID: 'kettle' }, time?: number) => {
      shop.tick();
      return recordEvent(ports, account, {
        metric: { name: metric, service: 'api' },
        properties: { ...properties },
        profile: { identifiers: { email: `${name}@shop.test-mail.org` }, attributes: {} },
        ...(time !== undefined && { time }),
      });
    },
    /** The names of profiles, sorted. */
    names: (profiles: readonly string[]) =>
      profiles
        .map((id) =>
          shop.store.dump().find((item) => item.kind === 'profile' && item.pk === profileKey(account, id).pk),
        )
        .map((item) => (item as { email?: string } | undefined)?.email?.split('@')[0] ?? '')
        .sort(),
    restocks: () => shop.store.dump().filter((item) => item.kind === 'restock') as RestockItem[],
  };
}

export type StockedShop = Awaited<ReturnType<typeof openStockedShop>>;
