import type { Ports } from '../../../shared/ports.ts';
import type { Store } from '../../../shared/storage/store.ts';

/** The same ports, but `meanwhile` happens before the store's call number `call` (from 0). */
export function interrupted(
  ports: Ports,
  call: number,
  meanwhile: () => Promise<unknown>,
): { ports: Ports; calls: () => number } {
  let count = 0;
  const before = async () => {
    count += 1;
    if (count === call + 1) await meanwhile();
  };
  const { store } = ports;
  const watched: Store = {
    get: async (...args) => (await before(), store.get(...args)),
    getMany: async (...args) => (await before(), store.getMany(...args)),
    query: async (...args) => (await before(), store.query(...args)),
    write: async (...args) => (await before(), store.write(...args)),
    writeMany: async (...args) => (await before(), store.writeMany(...args)),
    transact: async (...args) => (await before(), store.transact(...args)),
  };
  return { ports: { ...ports, store: watched }, calls: () => count };
}
