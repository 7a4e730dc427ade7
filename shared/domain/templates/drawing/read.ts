// Reads definitions: they were checked when they came, and every field of theirs may be absent or null.

/** A part of a definition. */
export type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The part behind a name; an empty one where there is none. */
export function part(of: Part, name: string): Part {
  const value = of[name];
  return isPart(value) ? value : {};
}

/** The parts in a list behind a name. */
export function parts(of: Part, name: string): readonly Part[] {
  const value = of[name];
  return Array.isArray(value) ? value.filter(isPart) : [];
}

/** The text behind a name; undefined where there is none, or an empty one. */
export function text(of: Part, name: string): string | undefined {
  const value = of[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number behind a name. */
export function number(of: Part, name: string): number | undefined {
  const value = of[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
