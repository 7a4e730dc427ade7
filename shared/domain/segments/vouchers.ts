// Who vouches for what is kept of a person: a segment that asks for it, as long as it is evaluated by the same definition. Then
// whoever looks is told of every event that changes it. While nobody asked, nobody was told (docs/adr/0015).
import { keyOf } from './amounts.ts';
import type { BuiltCondition } from './definition.ts';
import { type Kept, only } from './heads.ts';
import { isKept } from './measure.ts';
import { type Segment, conditionsOf } from './segment.ts';

/** What is kept of these conditions is found by these keys. */
export const keysOf = (conditions: readonly BuiltCondition[]): string[] => conditions.filter(isKept).map(keyOf);

/** What segments ask for, by `id edition`. */
interface Asked {
  /** What each segment asks for. */
  keys: ReadonlyMap<string, readonly string[]>;
  /** One who asks for it. */
  voucher: ReadonlyMap<string, string>;
}

const asked = new WeakMap<readonly Segment[], Asked>();

function askedBy(active: readonly Segment[]): Asked {
  const known = asked.get(active);
  if (known) return known;
  const keys = new Map(
    active.map(({ id, edition, definition }) => [`${id} ${edition}`, keysOf(conditionsOf(definition))]),
  );
  const voucher = new Map([...keys].flatMap(([segment, some]) => some.map((key) => [key, segment] as const)));
  asked.set(active, { keys, voucher });
  return { keys, voucher };
}

/** For each of the keys a segment that asks for it, where there is one: `id edition`, parted by commas. */
export function vouchersFor(keys: Iterable<string>, active: readonly Segment[]): string {
  const { voucher } = askedBy(active);
  return [...new Set([...keys].flatMap((key) => voucher.get(key) ?? []))].join();
}

/** What one of these vouchers, still evaluated by the same definition, asks for: the rest may be wrong. */
export function vouchedFor(kept: Kept, vouchers: string, active: readonly Segment[]): Kept {
  const { keys } = askedBy(active);
  const right = new Set(vouchers.split(',').flatMap((one) => keys.get(one) ?? []));
  return only(kept, right);
}
