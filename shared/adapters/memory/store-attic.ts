// Where texts lie that nobody asks for: a temporary file, so that a store may be larger than the memory there is for it.
import type { DatabaseSync } from 'node:sqlite';

export interface Attic {
  /** Lays a text away, in the place of the one of this name and its addendum; answers what it is found by. */
  put: (text: string, name?: number) => number;
  /** Lays beside a text what there is to add to it, in the place of what was added before; answers what both are found by. */
  add: (addendum: string, name: number) => number;
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
  database.exec(`
    CREATE TABLE texts (name INTEGER PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE addenda (name INTEGER PRIMARY KEY, text INTEGER NOT NULL, added TEXT NOT NULL);
    BEGIN
  `);
  return database;
}

/**
 * Texts are found by numbers above zero. What is added to one lies behind all that was added before, where writing it takes
 * one page for many, and is found by a number below zero.
 */
function createFile(): Attic {
  const database = openFile();
  const texts = {
    put: database.prepare('INSERT INTO texts (text) VALUES (?)'),
    replace: database.prepare('UPDATE texts SET text = ? WHERE name = ?'),
    look: database.prepare("SELECT text, '' FROM texts WHERE name = ?"),
    drop: database.prepare('DELETE FROM texts WHERE name = ?'),
  };
  const addenda = {
    put: database.prepare('INSERT INTO addenda (added, text) VALUES (?, ?)'),
    replace: database.prepare('UPDATE addenda SET added = ? WHERE name = -?'),
    look: database.prepare(
      'SELECT texts.text, added FROM addenda JOIN texts ON texts.name = addenda.text WHERE addenda.name = -?',
    ),
    drop: database.prepare('DELETE FROM addenda WHERE name = -? RETURNING text'),
  };
  for (const { look } of [texts, addenda]) look.setReturnArrays(true);
  /** Takes the addendum away; what the text by itself is found by. */
  const strip = (name: number): number => (name > 0 ? name : Number(addenda.drop.get(name)?.['text']));
  return {
    put(text, name) {
      if (name === undefined) return Number(texts.put.run(text).lastInsertRowid);
      const place = strip(name);
      texts.replace.run(text, place);
      return place;
    },
    add(addendum, name) {
      if (name > 0) return -Number(addenda.put.run(addendum, name).lastInsertRowid);
      addenda.replace.run(addendum, name);
      return name;
    },
    look(name) {
      const { look } = name > 0 ? texts : addenda;
      return (look.get(name) as [string, string] | undefined) ?? ['', ''];
    },
    drop: (name) => void texts.drop.run(strip(name)),
  };
}

/** An attic whose file is made when the first text is laid away: most stores never need it. */
export function createAttic(): Clearable {
  let file: Attic | undefined;
  const opened = () => (file ??= createFile());
  return {
    put: (text, name) => opened().put(text, name),
    add: (addendum, name) => opened().add(addendum, name),
    look: (name) => opened().look(name),
    drop: (name) => opened().drop(name),
    // SQLite's own clean-up takes the file away.
    clear: () => void (file = undefined),
  };
}
