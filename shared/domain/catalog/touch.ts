// Who had to do with an item: kept beside the person, found by the item. Follows the events, through the change feed.
import type { AccountId } from '../../kernel/ids.ts';
import { day, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { Touch, TouchItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { eventAt, profileKey, touchIndex, touchKey, touchesOf } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { readEventBody } from '../events/index.ts';
import { aboutPerson } from '../identity/index.ts';
import { productsIn } from './products.ts';

/** How long it is known; no audience looks back further. */
export const longestMemory = 366 * day;

/** Notes of the items of an event that its person had to do with them; what is known to have come later stays. */
export async function noteTouches(
  ports: Ports,
  account: AccountId,
  { profile: person, event: sk, how }: { profile: string; event: string; how: Touch },
): Promise<void> {
  await aboutPerson(ports, account, person, async (profile, settled) => {
    const event = await ports.store.get(eventAt(account, profile, sk));
    const there = await ports.store.get(profileKey(account, profile));
    if ((!event || !there) && !settled) throw new ConditionFailed();
    if (!event || !there || instantOf(event.at) + longestMemory < ports.clock.now()) return;
    for (const { item, price } of productsIn(await readEventBody(ports, event)))
      await note(ports, account, profile, { item, how, at: event.at, ...(price !== undefined && { price }) });
  });
}

async function note(
  { store }: Ports,
  account: AccountId,
  profile: string,
  { item, how, at, price }: Pick<TouchItem, 'item' | 'how' | 'at' | 'price'>,
): Promise<void> {
  const key = touchKey(account, profile, item, how);
  const there = await store.get(key);
  if (there && there.at >= at) return;
  const touch: TouchItem = {
    ...key,
    ...(how !== 'ordered' && touchIndex(account, item, how, profile, at)),
    kind: 'touch',
    how,
    item,
    at,
    ...(price !== undefined && { price }),
    expires: expiryAt(instantOf(at) + longestMemory),
  };
  await store.transact([
    { put: touch, if: there ? { equals: { at: there.at } } : { absent: true } },
    // Nobody who is being deleted leaves traces.
    { check: profileKey(account, profile), if: { present: true } },
  ]);
}

/** What a person had to do with an item, by the caller's own id of it. */
export const touchesBy = (ports: Pick<Ports, 'store'>, account: AccountId, profile: string, item: string) =>
  everything(ports.store, touchesOf(account, profile, item));
