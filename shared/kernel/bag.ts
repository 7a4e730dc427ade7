// Objects whose keys somebody else chose.

/** `bag[name]` of the bag itself: `constructor` is not a property of an empty bag. */
export function own(bag: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(bag, name) ? bag[name] : undefined;
}

/** Without the entries that are undefined. */
export function definedOf<T extends object>(bag: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
