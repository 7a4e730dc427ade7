// Reads the text of a filter into calls, with positions. Knows the grammar, not what may be filtered.
// expression = name '(' arguments ')'; argument = expression | field | literal | '[' literals ']' | '(' literals ')'.
import { shown } from './params.ts';

export interface Word {
  kind: 'word';
  text: string;
  at: number;
}
export interface Quoted {
  kind: 'string';
  text: string;
  at: number;
}
export interface Many {
  kind: 'list';
  items: (Word | Quoted)[];
  at: number;
}
export interface Call {
  kind: 'call';
  name: string;
  args: Argument[];
  at: number;
}
export type Argument = Word | Quoted | Many | Call;

/** A fault of the text: what was expected, and the 1-based character at which something else stands. */
export class FilterSyntaxError extends Error {}

const maxDepth = 8;
// A word ends where punctuation begins; only words may be fields, datetimes, numbers, true, false and null.
const wordEnd = /[\s,()[\]"']/g;
const subscript = /\[\s*(?:'((?:[^'\\]|\\.){0,200})'|"((?:[^"\\]|\\.){0,200})")\s*\]/y;

interface Cursor {
  text: string;
  at: number;
}

/** The calls that a filter consists of, joined by commas: all must hold. */
export function readFilter(text: string): Call[] {
  const cursor = { text, at: 0 };
  const calls: Call[] = [];
  do calls.push(call(cursor, 1));
  while (taken(cursor, ','));
  skipSpace(cursor);
  if (cursor.at < text.length) throw expected(cursor, "',' or the end of the filter");
  return calls;
}

function call(cursor: Cursor, depth: number): Call {
  const argument = wordOrCall(cursor, depth, 'an operator such as equals');
  if (argument.kind === 'call') return argument;
  throw expected(cursor, `'(' after '${shown(argument.text)}'`);
}

function wordOrCall(cursor: Cursor, depth: number, what: string): Word | Call {
  if (depth > maxDepth) throw new FilterSyntaxError(`Filters may be nested at most ${maxDepth} levels deep.`);
  const word = readWord(cursor, what);
  if (!taken(cursor, '(')) return word;
  const args: Argument[] = [];
  if (taken(cursor, ')')) return { kind: 'call', name: word.text, args, at: word.at };
  do args.push(readArgument(cursor, depth));
  while (taken(cursor, ','));
  if (!taken(cursor, ')')) throw expected(cursor, "',' or ')'");
  return { kind: 'call', name: word.text, args, at: word.at };
}

function readArgument(cursor: Cursor, depth: number): Argument {
  skipSpace(cursor);
  const { text, at } = cursor;
  const next = text[at];
  if (next === '"' || next === "'") return readString(cursor);
  if (next === '[') return readList(cursor, '[', ']');
  if (next === '(') return readList(cursor, '(', ')');
  return wordOrCall(cursor, depth + 1, 'a field or a value');
}

function readList(cursor: Cursor, open: string, close: string): Many {
  const at = cursor.at;
  taken(cursor, open);
  const items: (Word | Quoted)[] = [];
  if (taken(cursor, close)) return { kind: 'list', items, at };
  do items.push(readItem(cursor));
  while (taken(cursor, ','));
  if (!taken(cursor, close)) throw expected(cursor, `',' or '${close}'`);
  return { kind: 'list', items, at };
}

function readItem(cursor: Cursor): Word | Quoted {
  skipSpace(cursor);
  const next = cursor.text[cursor.at];
  return next === '"' || next === "'" ? readString(cursor) : readWord(cursor, 'a value');
}

function readWord(cursor: Cursor, what: string): Word {
  skipSpace(cursor);
  const { text, at } = cursor;
  wordEnd.lastIndex = at;
  const end = wordEnd.exec(text)?.index ?? text.length;
  if (end === at) throw expected(cursor, what);
  cursor.at = end;
  return { kind: 'word', text: text.slice(at, end) + subscripts(cursor) + lostPlus(cursor, at), at };
}

/** `['a key']` after a field; told from a list by its single quoted entry, and written with single quotes ever after. */
function subscripts(cursor: Cursor): string {
  let all = '';
  for (;;) {
    subscript.lastIndex = cursor.at;
    const match = subscript.exec(cursor.text);
    if (match === null) return all;
    cursor.at += match[0].length;
    all += `['${(match[1] ?? match[2] ?? '').replace(/\\(.)/gs, '$1')}']`;
  }
}

/** `2026-01-01T00:00:00+00:00` written into a URL without encoding the plus arrives with a space in its place. */
function lostPlus(cursor: Cursor, start: number): string {
  const { text, at } = cursor;
  if (!/T\d\d:\d\d/.test(text.slice(start, at))) return '';
  const offset = /^ (\d\d:?\d\d)/.exec(text.slice(at, at + 7));
  if (offset === null) return '';
  cursor.at += offset[0].length;
  return `+${offset[1] ?? ''}`;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function readString(cursor: Cursor): Quoted {
  const { text, at: start } = cursor;
  const quote = text[start];
  let value = '';
  let at = start + 1;
  for (;;) {
    const next = text[at];
    if (next === undefined)
      throw new FilterSyntaxError(`The string that begins at position ${start + 1} has no closing ${quote ?? ''}.`);
    at += 1;
    if (next === quote) break;
    if (next !== '\\') {
      value += next;
      continue;
    }
    const escaped = text[at] ?? '';
    const code = escaped === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 1, at + 5)) : null;
    value += code ? String.fromCharCode(parseInt(code[0], 16)) : (escapes[escaped] ?? escaped);
    at += code ? 5 : 1;
  }
  cursor.at = at;
  return { kind: 'string', text: value, at: start };
}

function taken(cursor: Cursor, mark: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== mark) return false;
  cursor.at += 1;
  return true;
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1;
}

function expected(cursor: Cursor, what: string): FilterSyntaxError {
  const found = cursor.text[cursor.at];
  const place = found === undefined ? 'where the filter ends' : `at position ${cursor.at + 1}, found '${shown(found)}'`;
  return new FilterSyntaxError(`Expected ${what} ${place}.`);
}
