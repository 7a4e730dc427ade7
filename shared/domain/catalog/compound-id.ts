// Compound ids: `{integration}:::{catalog}:::{external_id}` (behaviour 7). Only `$custom` and `$default` exist.
const prefix = '$custom:::$default:::';

/** The id of an entry, by the caller's own id of it. */
export const compoundId = (externalId: string): string => `${prefix}${externalId}`;

/** The caller's own id in a compound id: all that follows the prefix, further colons too. Undefined: no compound id. */
export function externalIdOf(id: string): string | undefined {
  return id.startsWith(prefix) && id.length > prefix.length ? id.slice(prefix.length) : undefined;
}
