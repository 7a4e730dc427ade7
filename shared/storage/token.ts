import { table } from './table.ts';
import type { Query } from './store.ts';
import { type Attributes, malformed } from './values.ts';

/** The names of the attributes that say where an item stands in what a query reads. */
export function positionNames(index: Query['index']): string[] {
  if (index === undefined) return [table.partition, table.sort];
  const spec = table.indexes[index];
  return [...new Set([table.partition, table.sort, spec.partition, spec.sort])];
}

/** The `next` of a page that ends with `item`: where it stands, opaque to callers, valid while items come and go. */
export function tokenOf(item: Attributes, index: Query['index']): string {
  return Buffer.from(JSON.stringify(positionNames(index).map((name) => item[name]))).toString('base64url');
}

/** The key attributes that `tokenOf` wrote. Throws on anything else. */
export function positionOf(token: string, index: Query['index']): Record<string, string> {
  const names = positionNames(index);
  const values = parsed(token);
  if (!Array.isArray(values) || values.length !== names.length || !values.every((value) => typeof value === 'string')) {
    throw malformed('The page token is not one of this query.');
  }
  return Object.fromEntries(names.map((name, at) => [name, String(values[at])]));
}

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}
