import { readFile } from 'node:fs/promises';

/** Reads a text file that is deployed beside the function's code; once, however often it is asked for. */
export function deployedFile(name: string): () => Promise<string> {
  let text: Promise<string> | undefined;
  return () => (text ??= readFile(new URL(name, import.meta.url), 'utf8'));
}
