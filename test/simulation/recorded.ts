// What runs found, kept for docs/reliability.md.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('recorded/', import.meta.url);
const fileOf = (name: string) => new URL(`${name}.json`, folder);

/** Keeps the figures of a run under a name, where WRITE=1 asks for it. */
export function record(name: string, figures: unknown): void {
  if (process.env['WRITE'] !== '1') return;
  mkdirSync(new URL('.', fileOf(name)), { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(figures, null, 2)}\n`);
}

/** The figures of the last run that was recorded under a name. */
export const recorded = (name: string): unknown => JSON.parse(readFileSync(fileOf(name), 'utf8'));

/** The names of the records whose names begin so, in order. */
export const recordedNames = (beginning: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.startsWith(beginning) && file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
