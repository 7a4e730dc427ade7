// Two systems that write one log would garble it: a folder belongs to one process at a time.
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A folder that cannot be used; the message is for the person who named it. */
export class FolderRefused extends Error {}

/** The locks that this process holds: after a crash its process id may be that of the one before. */
const held = new Set<string>();

/**
 * Takes the folder (made when it is not there) and answers how to give it back. Throws FolderRefused while another has it,
 * and when nothing can be written there.
 */
export function lockFolder(folder: string): () => void {
  try {
    return takeFolder(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new FolderRefused(
      `No data can be kept in ${folder} (${error.message}); name a folder that you may write to.`,
    );
  }
}

function takeFolder(folder: string): () => void {
  makeFolder(resolve(folder));
  const path = join(realpathSync(folder), 'lock');
  const holder = holderOf(path);
  if (holder !== undefined) {
    throw new FolderRefused(
      `Process ${holder} is using ${folder}; end it first, or name another folder. If it is no Millrace, remove ${path}.`,
    );
  }
  rmSync(path, { force: true });
  // Of two that come this far at once, one fails here.
  writeFileSync(path, String(process.pid), { flag: 'wx' });
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

/** Makes a folder and those above it. Node's own `recursive` never comes back where none can be made, as below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** The process that holds the lock; undefined when there is none, or when it is gone. */
function holderOf(path: string): number | undefined {
  const pid = Number(textOf(path));
  if (pid === process.pid) return held.has(path) ? pid : undefined;
  return pid > 0 && isRunning(pid) ? pid : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process cannot be asked, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
