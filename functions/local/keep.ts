// Keeps the local system's data in a folder: a log of every change, written before the call that made it returns.
// What had not been followed up when the process ended is delivered again at the next start; all of it bears that.
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalClock, StreamedChange } from '../../shared/adapters/memory/index.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Files } from '../../shared/ports.ts';
import { type Kept, type Line, logOf, readKept } from './kept.ts';
import { lockFolder } from './lock.ts';

export interface Keeper {
  change(change: StreamedChange): void;
  quiet(now: Instant): void;
  /** The same files port, whose changes are kept. */
  files(files: Files): Files;
  /** The same clock, whose turns are kept. */
  clock(clock: LocalClock): LocalClock;
  /** Ends the log; what is written from now on is not kept. */
  close(now: Instant): void;
}

/** Takes a folder for this process: what it held, and what keeps it from now on. Throws FolderRefused. */
export function openFolder(folder: string): { kept: Kept; keeper: Keeper } {
  const unlock = lockFolder(folder);
  try {
    const kept = readKept(folder);
    return { kept, keeper: createKeeper(folder, kept, unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Starts a fresh log with what was kept, and goes on writing to it. */
function createKeeper(folder: string, kept: Kept, unlock: () => void): Keeper {
  const path = logOf(folder);
  const log = openSync(join(folder, 'log.new'), 'w');
  let open = true;
  let changes: StreamedChange[] = [];

  const append = (line: Line) => void writeSync(log, `${JSON.stringify(line)}\n`);

  /** The changes of one transaction are one line: a torn log holds all of them or none. */
  function flush(): void {
    const together = changes;
    changes = [];
    if (open && together.length > 0) append({ changes: together });
  }

  function write(line: Line): void {
    flush();
    if (open) append(line);
  }

  for (const item of kept.items) write({ item });
  for (const [file, body] of kept.files) write({ file, body });
  if (kept.clock !== undefined) write({ quietAt: kept.clock });
  for (const change of kept.unfinished) write({ changes: [change] });
  renameSync(join(folder, 'log.new'), path);

  return {
    change(change) {
      // The store tells all changes of a transaction in one go; this runs before its caller goes on.
      if (changes.length === 0) queueMicrotask(flush);
      changes.push(change);
    },
    quiet: (now) => {
      write({ quietAt: now });
    },
    files: (files) => ({
      get: (key) => files.get(key),
      async put(key, body) {
        write({ file: key, body });
        await files.put(key, body);
      },
      async remove(key) {
        write({ file: key, body: null });
        await files.remove(key);
      },
    }),
    clock: (clock) => ({
      real: clock.real,
      now: () => clock.now(),
      advance(ms) {
        clock.advance(ms);
        write({ clockAt: clock.now() });
      },
    }),
    close(now) {
      if (!open) return;
      write({ clockAt: now });
      open = false;
      closeSync(log);
      unlock();
    },
  };
}
