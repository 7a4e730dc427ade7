// Which drop of an item a fallen price belongs to: variants that fall together are one drop, a variant that falls again is
// another (behaviour 5.2: one event for each drop and person).
import type { AccountId } from '../../kernel/ids.ts';
import { day, instantOf, minute } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { DropsItem } from '../../storage/items.ts';
import { dropsKey } from '../../storage/patterns.ts';

/** Prices of one item that are changed one after the other, by a call for each, are changed within this. */
const together = 10 * minute;
/** Longer than a message about a change may be under way. */
const remembered = 5 * day;

type Change = Pick<Extract<Message<'flows'>, { type: 'variant' }>, 'uid' | 'version' | 'at'>;

/** The name of the drop of `item` (a compound id) that a change of a variant is part of; asked again, it is the same. */
export function dropOf(ports: Ports, account: AccountId, item: string, { uid, version, at }: Change): Promise<string> {
  const change = `${uid} ${version}`;
  const key = dropsKey(account, item);
  return untilWon(async () => {
    const there = await ports.store.get(key);
    const drops = (there?.drops ?? []).filter((drop) => instantOf(drop.at) + remembered > instantOf(at));
    const known = drops.find(({ changes }) => changes.includes(change));
    if (known) return known.name;
    const last = drops.at(-1);
    const isPart =
      last !== undefined &&
      Math.abs(instantOf(at) - instantOf(last.at)) <= together &&
      !last.changes.some((other) => other.startsWith(`${uid} `));
    const grown = isPart ? { ...last, changes: [...last.changes, change] } : { name: change, at, changes: [change] };
    const put: DropsItem = {
      ...key,
      kind: 'drops',
      version: (there?.version ?? 0) + 1,
      drops: [...(isPart ? drops.slice(0, -1) : drops), grown],
      expires: expiryAt(instantOf(at) + remembered),
    };
    await ports.store.write({ put, if: there ? { equals: { version: there.version } } : { absent: true } });
    return grown.name;
  }, 30);
}
