// A world whose events are counted, as the change feed has it, and whose reads are metered.
import { functions } from '../../../functions/local/functions.ts';
import { type World, createWorld } from '../../../functions/local/world.ts';
import { createClock } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { type AccountId, accountId } from '../../../shared/kernel/ids.ts';
import type { Ports } from '../../../shared/ports.ts';

interface Spent {
  read: number;
  write: number;
  /** Items that queries answered. */
  items: number;
  /** Files that were read. */
  files: number;
}

export interface Counting extends World {
  account: AccountId;
  /** What the world's own ports consumed, since then if given. */
  spent: (since?: Spent) => Spent;
}

/** A fresh world with one account, at 2026-06-01. */
export async function counting(): Promise<Counting> {
  const spent: Spent = { read: 0, write: 0, items: 0, files: 0 };
  const world = createWorld({
    functions,
    clock: createClock({ real: false, start: Date.UTC(2026, 5, 1) }),
    seed: 1,
    meter({ read, write }) {
      spent.read += read;
      spent.write += write;
    },
  });
  const owner = await createAccount(world.ports, {
    name: 'Test',
    senderEmail: 'test@millrace.dev',
    publicId: 'ABC123',
  });
  const { store } = world.ports;
  const ports: Ports = {
    ...world.ports,
    files: {
      ...world.ports.files,
      async get(key) {
        spent.files += 1;
        return world.ports.files.get(key);
      },
    },
    store: {
      ...store,
      async query(query) {
        const page = await store.query(query);
        spent.items += page.items.length;
        return page;
      },
    },
  };
  return {
    ...world,
    ports,
    account: accountId(owner.id),
    spent: ({ read, write, items, files } = { read: 0, write: 0, items: 0, files: 0 }) => ({
      read: spent.read - read,
      write: spent.write - write,
      items: spent.items - items,
      files: spent.files - files,
    }),
  };
}
