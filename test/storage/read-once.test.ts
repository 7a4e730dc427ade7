import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { definitionItem } from '../../shared/storage/definitions.ts';
import { definitionKey, messageKey } from '../../shared/storage/patterns.ts';
import { readingOnce } from '../../shared/storage/read-once.ts';
import type { Store } from '../../shared/storage/store.ts';

const account = accountId('acc001');

/** A store with a flow in it, and how often it was read; `fail` makes the next read fail. */
async function counted() {
  const { store } = memoryPorts({ start: 0 });
  const outline = { id: 'Flow01', version: 1, name: 'Thanks', created: '', updated: '' };
  await store.write({ put: definitionItem(account, 'flow', outline, {}) });
  const told = { reads: 0, fail: false };
  const watched: Store = {
    ...store,
    get: (key, options) => {
      told.reads += 1;
      if (!told.fail) return store.get(key, options);
      told.fail = false;
      return Promise.reject(new Error('Throttled.'));
    },
    transact: () => Promise.reject(new Error('Somebody was first.')),
  };
  return { told, batch: readingOnce(watched) };
}

describe('the messages of a batch', () => {
  const flow = definitionKey(account, 'flow', 'Flow01');

  it('read their flow once, and what is theirs alone each time', async () => {
    const { told, batch } = await counted();
    const [one, other] = await Promise.all([batch.get(flow), batch.get(flow)]);
    expect(one).toBe(other);
    expect(one?.name).toBe('Thanks');
    expect(told.reads).toBe(1);
    const message = messageKey(account, 'P', 'M');
    await Promise.all([batch.get(message), batch.get(message)]);
    expect(told.reads).toBe(3);
  });

  it('ask again after a read that failed, and after a transaction that did', async () => {
    const { told, batch } = await counted();
    told.fail = true;
    await expect(batch.get(flow)).rejects.toThrow('Throttled.');
    expect((await batch.get(flow))?.name).toBe('Thanks');
    expect(told.reads).toBe(2);
    await expect(batch.transact([])).rejects.toThrow('Somebody was first.');
    await batch.get(flow);
    expect(told.reads).toBe(3);
  });
});
