// The account's definitions, held in the worker and checked against a stamp that every change raises.
import type { AccountId } from '../kernel/ids.ts';
import type { DefinitionItem, DefinitionKind } from './items.ts';
import { definitionsOf, stampKey } from './patterns.ts';
import { everything } from './pages.ts';
import type { Store, Update } from './store.ts';

/** Reads the definitions of one kind, parsed by `parse`; holds them until the stamp moves. */
export interface Definitions<T> {
  /** Checks the stamp (one consistent read) and reads the definitions again only when it has moved. */
  all(account: AccountId): Promise<readonly T[]>;
}

/** A cache over `store`; make one per container, call `all` once per batch. */
export function cachedDefinitions<T>(
  store: Store,
  kind: DefinitionKind,
  parse: (item: DefinitionItem) => T,
): Definitions<T> {
  const held = new Map<AccountId, { stamp: number; definitions: readonly T[] }>();
  return {
    async all(account) {
      // The stamp is read before the definitions: a change in between makes the next check read again.
      const stamp = (await store.get(stampKey(account, kind)))?.n ?? 0;
      const known = held.get(account);
      if (known?.stamp === stamp) return known.definitions;
      const items = await everything(store, definitionsOf(account, kind));
      const definitions = items.map(parse);
      held.set(account, { stamp, definitions });
      return definitions;
    },
  };
}

/** Goes into every transaction that changes a definition of the kind. */
export function raiseStamp(account: AccountId, kind: DefinitionKind): Update {
  return { update: stampKey(account, kind), set: { kind: 'stamp' }, add: { n: 1 } };
}
