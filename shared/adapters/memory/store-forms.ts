// How rows lie in the texts of their shelves.
import { Entry, type Index, localIndexes } from './store-entry.ts';
import { Image } from './store-image.ts';
import type { Field, Form } from './store-rows.ts';

/** How items lie: each with its entries in the local indexes, so that the one look serves both. */
export const formOfItems: Form<Image> = {
  width: 2 + 3 * localIndexes.length,
  note({ size, sort, locals }, line) {
    line.push(size, sort);
    for (const entry of locals) line.push(entry?.size ?? 0, entry?.sort ?? '', entry?.rest ?? '');
  },
  remade(partition, fields, at, laid, source) {
    const sort = String(fields[at + 1]);
    const locals = localIndexes.map(({ index }, nth) => localOf(index, partition, sort, fields, at + 2 + 3 * nth));
    const spot = { partition, sort, pk: partition, sk: sort };
    return new Image(spot, Number(fields[at]), locals, { laid, source });
  },
};

function localOf(index: Index, pk: string, sk: string, fields: readonly Field[], from: number): Entry | undefined {
  const size = Number(fields[from]);
  if (size === 0) return undefined;
  const spot = { partition: pk, sort: String(fields[from + 1]), pk, sk };
  return new Entry(index, spot, size, String(fields[from + 2]));
}

/** How entries lie: most with the keys of items of another partition. */
export const formOfEntries = (index: Index): Form<Entry> => ({
  width: 4,
  note({ size, sort, sk, pk, partition }, line) {
    line.push(size, sort, sk, pk === partition ? '' : pk);
  },
  remade(partition, fields, at, laid) {
    const [sort, sk] = [String(fields[at + 1]), String(fields[at + 2])];
    const spot = { partition, sort, sk, pk: String(fields[at + 3]) || partition };
    return new Entry(index, spot, Number(fields[at]), String(laid));
  },
});
