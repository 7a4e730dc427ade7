import type { Instant } from '../../kernel/time.ts';
import { table } from '../../storage/table.ts';
import type { Image } from './store-image.ts';
import { comparePlaces } from './store-row.ts';
import { Runs } from './store-runs.ts';

/** The items that carry a time to live, in the order in which it ends. */
export interface Expiry {
  swap: (before: Image | undefined, after: Image | undefined) => void;
  /** The items whose time has come. */
  due: (now: Instant) => Image[];
  clear: () => void;
}

/** A calendar of the items whose attribute `expires` is a number: seconds since 1970. */
export function createExpiry(): Expiry {
  const calendar = new Runs<Image>({ compare });
  return {
    swap(before, after) {
      if (before && isNumber(before)) calendar.take(before);
      if (after && isNumber(after)) calendar.place(after);
    },
    due: (now) => [...calendar.backward((row) => end(row) * 1000 > now)].flat().reverse(),
    clear: () => {
      calendar.clear();
    },
  };
}

const isNumber = (row: Image) => typeof row.item[table.ttl] === 'number';
const end = (row: Image) => Number(row.item[table.ttl]);

function compare(a: Image, b: Image): number {
  return end(a) - end(b) || (a.partition < b.partition ? -1 : a.partition > b.partition ? 1 : comparePlaces(a, b));
}
