// Where texts lie that nobody asks for: a temporary file, so that a store may be larger than the memory there is for it.
import type { DatabaseSync } from 'node:sqlite';

export interface Attic {
  /** Lays a text away; answers what it is found by. */
  put: (text: string) => number;
  /** A text that was laid away, which stays there. */
  look: (name: number) => string;
  /** The same, for the last time. */
  take: (name: number) => string;
}

/** SQLite makes a database without a name a file that nobody else sees, and that is gone with the process. */
function openFile(): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync('');
  // Nobody reads the file after a crash; what is asked for again soon lies open anyway.
  database.exec(
    'PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192',
  );
  database.exec('CREATE TABLE texts (name INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  return database;
}

function createFile(): Attic {
  const database = openFile();
  const [put, look, remove] = [
    database.prepare('INSERT INTO texts (text) VALUES (?)'),
    database.prepare('SELECT text FROM texts WHERE name = ?'),
    database.prepare('DELETE FROM texts WHERE name = ?'),
  ];
  const textOf = (name: number) => String(look.get(name)?.['text'] ?? '');
  return {
    put: (text) => Number(put.run(text).lastInsertRowid),
    look: textOf,
    take(name) {
      const text = textOf(name);
      remove.run(name);
      return text;
    },
  };
}

/** An attic whose file is made when the first text is laid away: most stores never need it. */
export function createAttic(): Attic {
  let file: Attic | undefined;
  const opened = () => (file ??= createFile());
  return {
    put: (text) => opened().put(text),
    look: (name) => opened().look(name),
    take: (name) => opened().take(name),
  };
}
