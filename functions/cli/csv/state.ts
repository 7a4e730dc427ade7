// How far an import came: a file beside the CSV, written after every step, removed at the end.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

export interface ImportState {
  /** Of the CSV file, and where it goes: a state only continues the very same import. */
  digest: string;
  url: string;
  list: string | undefined;
  /** Lines that are done, and how many of them were rejected. */
  done: number;
  rejected: number;
  /** Bytes of the file of rejected lines that belong to them. */
  rejectedBytes: number;
  /** The job that was sent for the next lines. */
  job?: string;
}

export const stateFileOf = (csv: string) => `${csv}.import-state.json`;

/** The state that an interrupted import of this file left, else a new one. Throws UsageError when it was another import. */
export async function stateOf(csv: string, fresh: ImportState): Promise<ImportState> {
  const file = stateFileOf(csv);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return fresh;
  const state = JSON.parse(text) as ImportState;
  const isSame = (['digest', 'url', 'list'] as const).every((name) => state[name] === fresh[name]);
  if (isSame) return state;
  throw new UsageError(
    `${file} is of an import of another file, system or list that was interrupted. Finish that one, or remove ${file}.`,
  );
}

/** Written whole or not at all. */
export async function keepState(csv: string, state: ImportState): Promise<void> {
  const file = stateFileOf(csv);
  await writeFile(`${file}.new`, JSON.stringify(state));
  await rename(`${file}.new`, file);
}
