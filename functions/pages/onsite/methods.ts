// What a page can ask for.
import { eventAttributesOf } from '../../../shared/domain/events/dollar-names.ts';
import { company } from './configuration.ts';
import { personName, randomId } from './cookie.ts';
import { type Bag, isBag, keep, recall } from './memory.ts';
import { flush, hold, tell } from './outbox.ts';

export type Method = (...args: readonly unknown[]) => Promise<unknown>;

const bagOf = (value: unknown): Bag => (isBag(value) ? value : {});

/** Someone else's ids are told by servers, which have a key; browsers know people by what people know of themselves. */
const notFromBrowsers = new Set(['external_id', '$id', 'anonymous_id', '$anonymous', '_kx', '$exchange_id']);

/** Tells of the person. True when it was taken; false when it waits until the person is known, or was refused. */
function identify(told: unknown): Promise<boolean> {
  tell(Object.fromEntries(Object.entries(bagOf(told)).filter(([name]) => !notFromBrowsers.has(name))));
  return flush();
}

/** Tells of something that happened; the answer as for `identify`. */
export function track(metric: unknown, properties?: unknown): Promise<boolean> {
  const type = 'metric';
  hold({
    unique_id: randomId(),
    time: new Date().toISOString(),
    ...eventAttributesOf(bagOf(properties)),
    metric: { data: { type, attributes: { name: String(metric) } } },
  });
  return flush();
}

const viewed = '__kla_viewed';
const mostViewed = 10;

const isBags = (value: unknown): value is Bag[] => Array.isArray(value) && value.every(isBag);

/** Puts an item first among those that the person looked at last; templates show them as ViewedItems. */
function trackViewedItem(item: unknown): Promise<boolean> {
  const now = bagOf(item);
  const isOther = (one: Bag) => one['ItemId'] === undefined || one['ItemId'] !== now['ItemId'];
  const items = [now, ...recall(viewed, [], isBags).filter(isOther)].slice(0, mostViewed);
  keep(viewed, items);
  tell({ ViewedItems: items });
  return flush();
}

/** Known by its name, and not there: the page goes on without. */
const absent =
  (name: string, answer?: unknown): Method =>
  () => {
    console.warn(`klaviyo: ${name} is not there yet`);
    return Promise.resolve(answer);
  };

export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['identify', identify],
  ['track', track],
  ['trackViewedItem', trackViewedItem],
  ['isIdentified', () => Promise.resolve(personName() !== undefined)],
  ['account', () => Promise.resolve(company)],
  ['openForm', absent('openForm')],
  ['cookieDomain', absent('cookieDomain')],
  ['getGroupMembership', absent('getGroupMembership', [])],
]);
