// Keeps the local system's data in a folder: a log of every change, written before the call that made it returns.
// What had not been followed up when the process ended is delivered again at the next start; all of it bears that.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Files } from '../../shared/ports.ts';
import type { Item } from '../../shared/storage/store.ts';

/** One line of the log. */
type Line =
  | { item: Item }
  | { change: StreamedChange }
  | { file: string; body: string | null }
  /** Everything before this line has been followed up; the clock stood here. */
  | { quietAt: Instant };

/** What a folder held. */
export interface Kept {
  items: Item[];
  /** Changes that may not have been followed up. */
  unfinished: StreamedChange[];
  files: ReadonlyMap<string, string>;
  /** Where the clock stood, if it was ever quiet. */
  clock: Instant | undefined;
}

export interface Keeper {
  change(change: StreamedChange): void;
  quiet(now: Instant): void;
  /** The same files port, whose changes are kept. */
  files(files: Files): Files;
  close(): void;
}

const idOf = ({ pk, sk }: { pk: string; sk: string }) => JSON.stringify([pk, sk]);

/** Reads what the folder holds; a torn last line (the process was killed) is left out. */
export function readKept(folder: string): Kept {
  const path = join(folder, 'log.jsonl');
  const items = new Map<string, Item>();
  const files = new Map<string, string>();
  let unfinished: StreamedChange[] = [];
  let clock: Instant | undefined;
  for (const line of linesOf(path)) {
    if ('item' in line) items.set(idOf(line.item), line.item);
    else if ('file' in line) {
      if (line.body === null) files.delete(line.file);
      else files.set(line.file, line.body);
    } else if ('quietAt' in line) {
      unfinished = [];
      clock = line.quietAt;
    } else {
      const { before, after } = line.change;
      if (before) items.delete(idOf(before));
      if (after) items.set(idOf(after), after);
      unfinished.push(line.change);
    }
  }
  return { items: [...items.values()], unfinished, files, clock };
}

function* linesOf(path: string): Generator<Line> {
  if (!existsSync(path)) return;
  const texts = readFileSync(path, 'utf8').split('\n');
  for (const [place, text] of texts.entries()) {
    if (text === '') continue;
    try {
      yield JSON.parse(text) as Line;
    } catch {
      if (place < texts.length - 1)
        throw new Error(`${path}, line ${place + 1} is not readable; move the file away to start anew.`);
    }
  }
}

/** Starts a fresh log with what was kept, and goes on writing to it. */
export function createKeeper(folder: string, kept: Kept): Keeper {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'log.jsonl');
  const lines: Line[] = [
    ...kept.items.map((item) => ({ item })),
    ...[...kept.files].map(([file, body]) => ({ file, body })),
    ...(kept.clock === undefined ? [] : [{ quietAt: kept.clock }]),
    ...kept.unfinished.map((change) => ({ change })),
  ];
  writeFileSync(`${path}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  renameSync(`${path}.new`, path);
  const log = openSync(path, 'a');
  const write = (line: Line) => void writeSync(log, `${JSON.stringify(line)}\n`);
  return {
    change: (change) => {
      write({ change });
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
    close: () => {
      closeSync(log);
    },
  };
}
