// What templates ask for beyond their context. A rendering is pure: what was found is handed in by the name of the
// lookup, and what is not there yet is noted, so that it can be looked up before the template is rendered again.
import type { Value } from './values.ts';

interface Kinds {
  /** `{% catalog ID %}`: an item, by its external id. */
  catalog: { id: string; /** An item that is not published counts as not there. */ onlyPublished: boolean };
  /** `{% coupon_code 'Name' %}`: one code for the recipient. */
  coupon: { coupon: string };
  /** `feeds.name`: the content of a web feed. */
  feed: { feed: string };
}

export type Lookup = { [Kind in keyof Kinds]: { kind: Kind } & Kinds[Kind] }[keyof Kinds];

/** The name under which what was found is given to a rendering. */
export const lookupName = (lookup: Lookup): string => JSON.stringify(lookup);

/** What was found, by `lookupName`; undefined: looked for in vain. */
export type Found = ReadonlyMap<string, Value>;

/** What one message may look up, at most. */
export const mostLookups = 100;
