// What this browser keeps between pages: one JSON value a name, in its local storage; where that is barred, until it leaves.
const fallback = new Map<string, string>();

/** The value of that name, or `otherwise` when there is none that can be read. */
export function recall<T>(name: string, otherwise: T, isIt: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(window.localStorage.getItem(name) ?? 'null');
    return isIt(value) ? value : otherwise;
  } catch {
    const value: unknown = JSON.parse(fallback.get(name) ?? 'null');
    return isIt(value) ? value : otherwise;
  }
}

export function keep(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    window.localStorage.setItem(name, text);
  } catch {
    fallback.set(name, text);
  }
}

export type Bag = Readonly<Record<string, unknown>>;

export const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
