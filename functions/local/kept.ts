// Reads the log of a folder back into what the system held.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamedChange } from '../../shared/adapters/memory/index.ts';
import type { Instant } from '../../shared/kernel/time.ts';
import type { Item } from '../../shared/storage/store.ts';
import { FolderRefused } from './lock.ts';

/** One line of the log. */
export type Line =
  | { item: Item }
  /** The changes of one transaction, or of several. */
  | { changes: readonly StreamedChange[] }
  | { file: string; body: string | null }
  | { clockAt: Instant }
  /** Everything before this line has been followed up; the clock stood here. */
  | { quietAt: Instant };

/** What a folder held. */
export interface Kept {
  items: Item[];
  /** Changes that may not have been followed up. */
  unfinished: StreamedChange[];
  files: ReadonlyMap<string, string>;
  /** The latest that the clock was seen at. */
  clock: Instant | undefined;
}

/** Where the log of a folder is. */
export const logOf = (folder: string) => join(folder, 'log.jsonl');

const idOf = ({ pk, sk }: { pk: string; sk: string }) => JSON.stringify([pk, sk]);

/** Reads what the folder holds; a torn last line (the process was killed) is left out. Throws FolderRefused. */
export function readKept(folder: string): Kept {
  const items = new Map<string, Item>();
  const files = new Map<string, string>();
  let unfinished: StreamedChange[] = [];
  let clock: Instant | undefined;
  const seenAt = (at: Instant) => {
    clock = Math.max(clock ?? at, at);
  };
  for (const line of linesOf(logOf(folder))) {
    if ('item' in line) items.set(idOf(line.item), line.item);
    else if ('file' in line) {
      if (line.body === null) files.delete(line.file);
      else files.set(line.file, line.body);
    } else if ('clockAt' in line) seenAt(line.clockAt);
    else if ('quietAt' in line) {
      unfinished = [];
      seenAt(line.quietAt);
    } else {
      for (const change of line.changes) {
        const { before, after, at } = change;
        unfinished.push(change);
        if (before) items.delete(idOf(before));
        if (after) items.set(idOf(after), after);
        seenAt(at);
      }
    }
  }
  // What was due was handed to a queue and then removed. Queues are not kept: it waits in the table again.
  for (const { before, after } of unfinished) if (before?.kind === 'due' && !after) items.set(idOf(before), before);
  return { items: [...items.values()], unfinished, files, clock };
}

function* linesOf(path: string): Generator<Line> {
  let number = 0;
  let unreadable: number | undefined;
  for (const text of textsOf(path)) {
    number += 1;
    if (unreadable !== undefined) {
      throw new FolderRefused(`${path}, line ${unreadable} is not readable; move the file away to start anew.`);
    }
    try {
      yield JSON.parse(text) as Line;
    } catch {
      unreadable = number;
    }
  }
}

const newline = 0x0a;
const pieceLength = 1024 * 1024;

/** The lines of a file that may be larger than a text can be. */
function* textsOf(path: string): Generator<string> {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    let rest: Buffer[] = [];
    for (;;) {
      const piece = Buffer.alloc(pieceLength);
      const bytes = readSync(file, piece);
      let from = 0;
      for (let end = piece.indexOf(newline); end >= 0 && end < bytes; end = piece.indexOf(newline, from)) {
        yield Buffer.concat([...rest, piece.subarray(from, end)]).toString('utf8');
        [rest, from] = [[], end + 1];
      }
      if (bytes === 0) break;
      rest.push(piece.subarray(from, bytes));
    }
    const last = Buffer.concat(rest).toString('utf8');
    if (last !== '') yield last;
  } finally {
    closeSync(file);
  }
}
