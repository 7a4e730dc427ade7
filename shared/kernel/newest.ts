/** Keeps a value under its name as the newest of a map that holds `most`: the oldest go. */
export function keepNewest<T>(held: Map<string, T>, name: string, value: T, most: number): void {
  held.delete(name);
  held.set(name, value);
  for (const oldest of held.keys()) {
    if (held.size <= most) break;
    held.delete(oldest);
  }
}
