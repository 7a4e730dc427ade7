import type { Check, Key, Put, Remove, Write } from './store.ts';
import { malformed, plainKey } from './values.ts';

/** The key that an action is about. */
export function keyOf(action: Write | Check): { pk: string; sk: string } {
  if ('put' in action) return plainKey(action.put);
  if ('update' in action) return plainKey(action.update);
  if ('remove' in action) return plainKey(action.remove);
  return plainKey(action.check);
}

/** A text that is different for different keys. */
export function keyText({ pk, sk }: Key): string {
  return `${pk.length}:${pk}${sk}`;
}

/** The last write of each key, in order: a batch may name a key once only. Throws when one carries a condition. */
export function lastPerKey<W extends Put | Remove>(writes: readonly W[]): W[] {
  const last = new Map<string, W>();
  for (const write of writes) {
    if (write.if) throw malformed('A batch of writes cannot carry conditions.');
    const text = keyText(keyOf(write));
    last.delete(text);
    last.set(text, write);
  }
  return [...last.values()];
}

/** The keys without repetitions, in order: a batch may name a key once only. */
export function distinctKeys(keys: readonly Key[]): { pk: string; sk: string }[] {
  const distinct = new Map<string, { pk: string; sk: string }>();
  for (const key of keys.map(plainKey)) distinct.set(keyText(key), key);
  return [...distinct.values()];
}
