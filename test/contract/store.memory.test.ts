import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { describeStore } from './store.ts';

describeStore('the memory store', async (meter) => ({ store: createMemoryStore({ clock: { now: () => 0 }, meter }) }));
describeStore('the memory store, all of it folded up whenever it can be', async (meter) => ({
  store: createMemoryStore({ clock: { now: () => 0 }, meter, open: 3 }),
}));
