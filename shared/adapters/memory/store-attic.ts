// Where texts lie that nobody asks for: a temporary file, so that a store may be larger than the memory there is for it.
import type { DatabaseSync } from 'node:sqlite';

export interface Attic {
  /** Lays a text away, in the place of the one of this name and its addendum; answers what it is found by. */
  put: (text: string, name?: number) => number;
  /** Lays what there is to add to a text beside it, in the place of what was added before. */
  add: (addendum: string, name: number) => void;
  /** A text and its addendum, which is mostly empty. */
  look: (name: number) => readonly [text: string, addendum: string];
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
    'PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096',
  );
  for (const name of ['texts', 'addenda']) {
    database.exec(`CREATE TABLE ${name} (name INTEGER PRIMARY KEY, text TEXT NOT NULL)`);
  }
  database.exec('BEGIN');
  return database;
}

function createFile(): Attic {
  const database = openFile();
  const [put, replace, drop] = [
    database.prepare('INSERT INTO texts (text) VALUES (?)'),
    database.prepare('UPDATE texts SET text = ? WHERE name = ?'),
    database.prepare('DELETE FROM texts WHERE name = ?'),
  ];
  const [add, take] = [
    database.prepare('REPLACE INTO addenda (text, name) VALUES (?, ?)'),
    database.prepare('DELETE FROM addenda WHERE name = ?'),
  ];
  const look = database.prepare(
    "SELECT text, ifnull((SELECT text FROM addenda WHERE name = texts.name), '') FROM texts WHERE name = ?",
  );
  look.setReturnArrays(true);
  return {
    put(text, name) {
      if (name === undefined) return Number(put.run(text).lastInsertRowid);
      replace.run(text, name);
      take.run(name);
      return name;
    },
    add: (addendum, name) => void add.run(addendum, name),
    look: (name) => (look.get(name) as [string, string] | undefined) ?? ['', ''],
    drop(name) {
      drop.run(name);
      take.run(name);
    },
  };
}

/** An attic whose file is made when the first text is laid away: most stores never need it. */
export function createAttic(): Clearable {
  let file: Attic | undefined;
  const opened = () => (file ??= createFile());
  return {
    put: (text, name) => opened().put(text, name),
    add: (addendum, name) => {
      opened().add(addendum, name);
    },
    look: (name) => opened().look(name),
    drop: (name) => opened().drop(name),
    // SQLite's own clean-up takes the file away.
    clear: () => void (file = undefined),
  };
}
