// Keys within the bounds of the database.
import type { Value } from '../../storage/store.ts';
import { table } from '../../storage/table.ts';
import { malformed } from '../../storage/values.ts';

/** The longest keys, in bytes. */
const longest = { partition: 2048, sort: 1024 };

/** Throws unless both parts of a key are there and not too long. */
export function checkKey(key: { pk: string; sk: string }): void {
  checkPart(table.partition, key.pk);
  checkPart(table.sort, key.sk, 'sort');
}

/** Throws unless a text can be a partition key (2,048 bytes) or a sort key (1,024 bytes). */
export function checkPart(
  name: string,
  value: Value | undefined,
  part: keyof typeof longest = 'partition',
): asserts value is string {
  if (typeof value !== 'string') throw malformed(`The key attribute ${name} must be a text.`);
  if (value === '') throw malformed(`The key attribute ${name} cannot be empty.`);
  // A UTF-16 unit takes 3 bytes at most: short texts need no counting.
  if (value.length * 3 > longest[part] && Buffer.byteLength(value) > longest[part]) {
    throw malformed(`The key attribute ${name} has more than ${longest[part]} bytes.`);
  }
}
