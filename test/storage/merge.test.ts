import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { sortable } from '../../shared/kernel/time.ts';
import { ApiError } from '../../shared/kernel/errors.ts';
import { mergedPage } from '../../shared/storage/merge.ts';
import { everyShard, memberIndex, membersOfGroup, profileOf, segmentMemberKey } from '../../shared/storage/patterns.ts';
import type { Store } from '../../shared/storage/store.ts';

const account = accountId('acc001');
const queries = everyShard.map((shard) => membersOfGroup(account, 'Seg001', shard));

async function join(store: Store, profile: string, at: number) {
  const item = {
    ...segmentMemberKey(account, profile, 'Seg001'),
    ...memberIndex(account, 'Seg001', profile, sortable(at)),
    kind: 'segment-member',
  };
  await store.writeMany([{ put: item }]);
}

/** All pages, one after the other; `between` runs before every page but the first. */
async function walk(store: Store, size: number, newestFirst: boolean, between?: () => Promise<void>) {
  const pages: string[][] = [];
  let position: string | undefined;
  do {
    if (pages.length > 0) await between?.();
    const page = await mergedPage(store, queries, { size, newestFirst, ...(position !== undefined && { position }) });
    pages.push(page.items.map(profileOf));
    position = page.next;
  } while (position !== undefined);
  return pages;
}

describe('a page merged of shards', () => {
  it('walks every item once, in order, in full pages, either way round', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 20 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 15 }),
        fc.boolean(),
        async (times, size, newestFirst) => {
          const { store } = memoryPorts();
          const people = times.map((at, n) => ({ at, id: `p${String(n).padStart(2, '0')}` }));
          for (const { id, at } of people) await join(store, id, at);
          const pages = await walk(store, size, newestFirst);
          const sorted = people.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
          expect(pages.flat()).toEqual(newestFirst ? sorted.reverse() : sorted);
          for (const page of pages.slice(0, -1)) expect(page).toHaveLength(size);
        },
      ),
    );
  });

  it('goes on where it stopped while others join behind and before', async () => {
    const { store } = memoryPorts();
    for (let n = 0; n < 10; n += 1) await join(store, `p${n}`, 100 + n);
    let late = 0;
    const pages = await walk(store, 3, false, async () => {
      late += 1;
      await join(store, `early${late}`, late);
      if (late === 1) await join(store, 'last', 1000);
    });
    expect(pages.flat()).toEqual([...Array.from({ length: 10 }, (_, n) => `p${n}`), 'last']);
  });

  it('refuses a position that is none', async () => {
    const { store } = memoryPorts();
    for (const position of ['', '{}', '[1,2]', 'x']) {
      await expect(mergedPage(store, queries, { size: 1, position })).rejects.toBeInstanceOf(ApiError);
    }
  });
});
