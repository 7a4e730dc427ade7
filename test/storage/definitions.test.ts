import { beforeEach, describe, expect, it } from 'vitest';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import {
  createDefinition,
  definitionItem,
  readDefinition,
  removeDefinition,
  writeDefinition,
} from '../../shared/storage/definitions.ts';
import { stampKey } from '../../shared/storage/patterns.ts';
import { type Store, TransactionRefused, isConflict } from '../../shared/storage/store.ts';

const account = accountId('acc001');
const outline = { id: 'List01', version: 1, name: 'Some', created: '', updated: '' };
const first = definitionItem(account, 'list', { ...outline, created: 'c', updated: 'c' }, { a: 1 });
const second = { ...first, version: 2, name: 'Other' };

let store: Store;
beforeEach(() => {
  ({ store } = memoryPorts().ports);
});

const stamp = async () => (await store.get(stampKey(account, 'list')))?.n ?? 0;

/** Refuses the first `times` transactions because another one was in the way, after `meanwhile`. */
function contended(times: number, meanwhile: () => Promise<void> = async () => undefined): Store {
  let left = times;
  return {
    ...store,
    async transact(actions) {
      if (left === 0) return store.transact(actions);
      left -= 1;
      await meanwhile();
      throw new TransactionRefused([{ failed: false }], true);
    },
  };
}

describe('definitions', () => {
  it('are read as they were written, and every change raises the stamp of their kind', async () => {
    await createDefinition(store, first);
    expect(await readDefinition(store, account, 'list', first.id)).toEqual(first);
    expect(await stamp()).toBe(1);
    await writeDefinition(store, second);
    expect(await readDefinition(store, account, 'list', first.id)).toEqual(second);
    expect(await stamp()).toBe(2);
    await removeDefinition(store, account, 'list', first.id);
    await expect(readDefinition(store, account, 'list', first.id)).rejects.toMatchObject({ status: 404 });
    expect(await stamp()).toBe(3);
  });

  it('are not written over another version than the one before', async () => {
    await createDefinition(store, first);
    await expect(writeDefinition(store, first)).rejects.toSatisfy(isConflict);
    await expect(writeDefinition(store, { ...first, version: 3 })).rejects.toSatisfy(isConflict);
    expect(await readDefinition(store, account, 'list', first.id)).toEqual(first);
    expect(await stamp()).toBe(1);
  });

  it('are made although others of their kind are made at the same time', async () => {
    await createDefinition(contended(3), first);
    expect(await readDefinition(store, account, 'list', first.id)).toEqual(first);
  });

  it('are removed although they change meanwhile, and not found when they went meanwhile', async () => {
    await createDefinition(store, first);
    await removeDefinition(
      contended(1, () => writeDefinition(store, second)),
      account,
      'list',
      first.id,
    );
    await expect(readDefinition(store, account, 'list', first.id)).rejects.toMatchObject({ status: 404 });
    await createDefinition(store, first);
    const gone = contended(1, () => removeDefinition(store, account, 'list', first.id));
    await expect(removeDefinition(gone, account, 'list', first.id)).rejects.toMatchObject({ status: 404 });
  });
});
