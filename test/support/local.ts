// The local system over a folder, and copies of that folder as a kill would leave it.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalSystem, createSystem } from '../../functions/local/system.ts';
import { callWorld } from './call-world.ts';
import type { Answer } from './consumption.ts';

/** A folder of its own; `remove` takes it away. */
export function temporaryFolder(): { path: string; inside: (name: string) => string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'millrace-'));
  return {
    path,
    inside: (name) => join(path, name),
    remove: () => {
      rmSync(path, { recursive: true });
    },
  };
}

/** A system that moves only when it is told to, with its data in the folder. */
export const startIn = (data: string): Promise<LocalSystem> =>
  createSystem({ publicUrl: 'http://local.test', data, real: false });

const logIn = (folder: string) => join(folder, 'log.jsonl');

/** What the folder's log holds at this instant. */
export const logOf = (folder: string): Buffer => readFileSync(logIn(folder));

/** The folder as a process would leave it that was killed right now. */
export function killedCopy(from: string, to: string): string {
  mkdirSync(to);
  copyFileSync(logIn(from), logIn(to));
  return to;
}

/** A folder with this log in it. */
export function folderOf(log: Uint8Array, folder: string): string {
  mkdirSync(folder);
  writeFileSync(logIn(folder), log);
  return folder;
}

/** Calls the API of the system; throws on anything but a 2xx. */
export const callTo = async (
  { world }: Pick<LocalSystem, 'world'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> => (await callWorld(world, method, path, body)) as Answer;
