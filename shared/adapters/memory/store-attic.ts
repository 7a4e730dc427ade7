// Where texts lie that nobody asks for: a temporary file, so that a store may be larger than the memory there is for it.
import type { DatabaseSync } from 'node:sqlite';

export interface Attic {
  /** Lays a text away, in the place of the one of this name; answers what it is found by. */
  put: (text: string, name?: number) => number;
  look: (name: number) => string;
  drop: (name: number) => void;
}

/** An attic that can be emptied. */
export interface Clearable extends Attic {
  clear: () => void;
}

/** SQLite makes a database without a name a file that nobody else sees, and that is gone with the process. */
function openFile(): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync('');
  // Nobody reads the file after a crash, so that nothing is ever committed; what is asked for again soon lies open anyway.
  database.exec(
    'PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192',
  );
  database.exec('CREATE TABLE texts (name INTEGER PRIMARY KEY, text TEXT NOT NULL); BEGIN');
  return database;
}

function createFile(): Attic {
  const database = openFile();
  const [put, replace, look, drop] = [
    database.prepare('INSERT INTO texts (text) VALUES (?)'),
    database.prepare('UPDATE texts SET text = ? WHERE name = ?'),
    database.prepare('SELECT text FROM texts WHERE name = ?'),
    database.prepare('DELETE FROM texts WHERE name = ?'),
  ];
  look.setReturnArrays(true);
  return {
    put(text, name) {
      if (name === undefined) return Number(put.run(text).lastInsertRowid);
      replace.run(text, name);
      return name;
    },
    look: (name) => (look.get(name) as [string] | undefined)?.[0] ?? '',
    drop: (name) => void drop.run(name),
  };
}

/** An attic whose file is made when the first text is laid away: most stores never need it. */
export function createAttic(): Clearable {
  let file: Attic | undefined;
  const opened = () => (file ??= createFile());
  return {
    put: (text, name) => opened().put(text, name),
    look: (name) => opened().look(name),
    drop: (name) => opened().drop(name),
    // SQLite's own clean-up takes the file away.
    clear: () => void (file = undefined),
  };
}
