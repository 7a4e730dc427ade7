// What was looked for or written last, found without a search: whoever reads an item mostly writes it next.
import { keepNewest } from '../../kernel/newest.ts';
import type { Image } from './store-image.ts';

export interface Recent {
  find: (pk: string, sk: string) => Image | undefined;
  /** An item that lies in the table. */
  keep: (image: Image) => void;
  drop: (image: Image) => void;
  clear: () => void;
}

const most = 4096;
/** Larger items, in bytes, are searched for. */
const largest = 16_384;

const nameOf = (pk: string, sk: string) => `${pk.length} ${pk}${sk}`;

export function createRecent(): Recent {
  const held = new Map<string, Image>();
  return {
    find: (pk, sk) => held.get(nameOf(pk, sk)),
    keep(image) {
      const name = nameOf(image.pk, image.sk);
      if (image.size > largest) return void held.delete(name);
      keepNewest(held, name, image, most);
    },
    drop: ({ pk, sk }) => void held.delete(nameOf(pk, sk)),
    clear: () => {
      held.clear();
    },
  };
}
