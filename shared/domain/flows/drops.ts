// Price drops and low stock let people into flows: those who had to do with the item, and nobody else is looked at
// (behaviour 5.2). Each of them has an event of it, once for a drop of an item (low stock: once for an item and
// a day); that event lets them in.
import type { AccountId } from '../../kernel/ids.ts';
import { day, instantOf, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogItemItem, CatalogVariantItem, EventItem } from '../../storage/items.ts';
import { catalogKey, everyShard, profileKey, profileOf, touchedSince } from '../../storage/patterns.ts';
import { ConditionFailed, isConflict } from '../../storage/store.ts';
import { externalIdOf, soldProperties, stockOfItem, touchesBy } from '../catalog/index.ts';
import { internalService, newEvent, originOf } from '../events/index.ts';
import { aboutPerson, refusePieces } from '../identity/index.ts';
import type { Flow, LowInventoryTrigger, PriceDropTrigger } from './definition.ts';
import { dropOf } from './drop.ts';
import { enrolBy } from './enrol.ts';
import { fallOf, isConcerned, isDrop, ranLow } from './offer.ts';
import { isOpen } from './trigger.ts';

type Of<Type extends Message<'flows'>['type']> = Extract<Message<'flows'>, { type: Type }>;
type Change = Of<'variant'>;
type Trigger = PriceDropTrigger | LowInventoryTrigger;

/** What starts the flow, when that is the catalog and the flow is open. */
function triggerOf(flow: Flow | undefined): Trigger | undefined {
  const [trigger] = flow?.definition.triggers ?? [];
  const isOfCatalog = trigger?.type === 'price-drop' || trigger?.type === 'low-inventory';
  return flow && isOfCatalog && isOpen(flow) ? trigger : undefined;
}

/** A variant changed: for each flow that this starts, whoever had to do with its item is looked at, a stretch at a time. */
export async function takeChange(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  change: Change,
): Promise<void> {
  for (const flow of flows) {
    const trigger = triggerOf(flow);
    if (!trigger || !(await starts(ports, account, trigger, change))) continue;
    const stretches = trigger.audience.flatMap((how) => everyShard.map((shard) => ({ how, shard })));
    const drop = trigger.type === 'price-drop' && (await namedDrop(ports, account, change));
    const body = { ...change, type: 'audience' as const, flow: flow.id, ...(drop && { drop }) };
    await ports.queue.send(
      'flows',
      stretches.map((stretch) => ({ body: { ...body, ...stretch } })),
    );
  }
}

async function namedDrop(ports: Ports, account: AccountId, change: Change): Promise<string | undefined> {
  const variant = await ports.store.get(catalogKey(account, 'catalog-variant', change.variant));
  return variant && dropOf(ports, account, variant.item, change);
}

async function starts(ports: Ports, account: AccountId, trigger: Trigger, { variant, was, is }: Change) {
  if (trigger.type === 'price-drop') return isDrop(trigger, was, is);
  if (was === null) return false;
  if (trigger.product_level === 'variant') return ranLow(trigger, was.stock, is.stock);
  if (was.stock <= is.stock) return false;
  const left = await stockOfItem(ports, account, variant);
  return ranLow(trigger, left + was.stock - is.stock, left);
}

/** People of one message. */
const stretchLength = 50;

/** Lets those of a stretch in whom the change concerns, and sends the next stretch. */
export async function lookAtAudience(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: Of<'audience'>,
): Promise<void> {
  const { variant: id, how, shard, at, after } = message;
  const flow = flows.find((one) => one.id === message.flow);
  const trigger = triggerOf(flow);
  const variant = await ports.store.get(catalogKey(account, 'catalog-variant', id));
  if (!flow || !trigger || !variant) return;
  const item = await ports.store.get(catalogKey(account, 'catalog-item', variant.item));
  const name = externalIdOf(variant.item) ?? variant.item;
  const from = sortable(instantOf(at) - trigger.timeframe_days * day);
  const page = await ports.store.query({
    ...touchedSince(account, name, how, shard, from),
    limit: stretchLength,
    ...(after !== undefined && { after }),
  });
  const offer = { message, trigger, variant, item, name };
  for (const profile of new Set(page.items.map(profileOf))) await offerTo(ports, account, flow, offer, profile);
  if (page.next !== undefined) await ports.queue.send('flows', [{ body: { ...message, after: page.next } }]);
}

interface Offer {
  message: Of<'audience'>;
  trigger: Trigger;
  variant: CatalogVariantItem;
  item: CatalogItemItem | undefined;
  /** The caller's own id of the item. */
  name: string;
}

async function offerTo(ports: Ports, account: AccountId, flow: Flow, offer: Offer, person: string): Promise<void> {
  await aboutPerson(ports, account, person, async (profile, settled) => {
    const whole = await ports.store.get(profileKey(account, profile));
    if (!whole && !settled) throw new ConditionFailed();
    if (!whole) return;
    // What they did as somebody else counts too.
    refusePieces(whole);
    const touches = await touchesBy(ports, account, profile, offer.name);
    const { at, is } = offer.message;
    if (!isConcerned(offer.trigger, touches, { at, price: is.price })) return;
    const event = await tell(ports, account, profile, offer);
    await enrolBy(ports, account, flow, { name: [originOf(event), event.sk], profile, at: event.recorded, event });
  });
}

const names = { 'price-drop': 'Price Drop', 'low-inventory': 'Low Inventory' } as const;

/** The event of the change, of this person: recorded unless it is there. Throws a conflict when the person is gone. */
async function tell(
  ports: Ports,
  account: AccountId,
  profile: string,
  { message: { was, is, at, drop }, trigger, variant, item, name }: Offer,
): Promise<EventItem> {
  const about = trigger.type === 'low-inventory' && trigger.product_level === 'variant' ? variant.id : name;
  const limit = trigger.type === 'low-inventory' ? ` ${trigger.inventory_count}` : '';
  const event = await newEvent(ports, account, profile, {
    metric: { name: names[trigger.type], service: internalService },
    properties: {
      ...soldProperties(variant, item),
      Price: is.price,
      Inventory: is.stock,
      ...(was && { OldPrice: was.price, PriceDropAmount: fallOf(was.price, is.price), OldInventory: was.stock }),
    },
    time: instantOf(at),
    unique_id: `${about}${limit} ${drop ?? at.slice(0, 'YYYY-MM-DD'.length)}`,
  });
  try {
    await ports.store.transact([
      { put: event, if: { absent: true } },
      { check: profileKey(account, profile), if: { present: true } },
    ]);
    return event;
  } catch (error) {
    if (!isConflict(error)) throw error;
    const there = await ports.store.get<EventItem>({ pk: event.pk, sk: event.sk });
    if (there) return there;
    throw error;
  }
}
