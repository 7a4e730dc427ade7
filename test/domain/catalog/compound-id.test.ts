import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compoundId, externalIdOf } from '../../../shared/domain/catalog/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { catalogIndex, catalogKey, categoryLink, entryIdOf, entryUidOf } from '../../../shared/storage/patterns.ts';

const account = accountId('Bean01');
const place = (id: string) => ({ id, uid: 'uid', created: '2026-11-23T21:53:48.000Z' });

describe('compound ids', () => {
  it('lead back to the external id, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (external) => {
        expect(externalIdOf(compoundId(external))).toBe(external);
      }),
    );
  });

  it.each(['', 'x', '$custom:::$default:::', '$shopify:::$default:::x', '$custom:::else:::x', ':::'])(
    'are not %j',
    (id) => {
      expect(externalIdOf(id)).toBeUndefined();
    },
  );

  it('and uids are read off every key that an entry stands under', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 255 }), fc.string({ minLength: 1, maxLength: 255 }), (a, b) => {
        const [item, category] = [compoundId(a), compoundId(b)];
        expect(entryIdOf(catalogKey(account, 'catalog-item', item))).toBe(item);
        expect(entryUidOf(catalogIndex(account, 'catalog-item', place(item)).gsk)).toBe('uid');
        const link = categoryLink(account, place(item), place(category));
        expect([entryIdOf(link), entryUidOf(link.gsk)]).toEqual([item, 'uid']);
      }),
    );
  });
});
