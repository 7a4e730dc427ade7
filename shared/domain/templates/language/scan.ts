// Reads what stands inside {{ }} and {% %}: names, literals, expressions with filters.
import type { AppliedFilter, Expression, Operand } from './ast.ts';
import { failAt } from './failure.ts';
import { filters } from './filters/index.ts';
import { Safe } from './values.ts';

/** A stretch of the source and how far it has been read. */
export interface Scanner {
  readonly source: string;
  at: number;
  readonly end: number;
}

const wordPattern = /[\p{L}\p{N}_]+/uy;
const pathPattern = /[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*/uy;
const numberPattern = /-?(?:\d+(?:\.\d+)?|\.\d+)(?![\p{L}\p{N}_.])/uy;
const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function take(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.source)?.[0];
  if (found === undefined || scanner.at + found.length > scanner.end) return undefined;
  scanner.at += found.length;
  return found;
}

/** Passes over blanks; true when there were some or nothing is left. */
export function skipSpace(scanner: Scanner): boolean {
  const from = scanner.at;
  while (scanner.at < scanner.end && /\s/.test(scanner.source[scanner.at] ?? '')) scanner.at += 1;
  return scanner.at > from || scanner.at === scanner.end;
}

/** True when nothing but blanks is left. */
export function done(scanner: Scanner): boolean {
  skipSpace(scanner);
  return scanner.at >= scanner.end;
}

/** Fails unless nothing is left. */
export function finish(scanner: Scanner): void {
  if (!done(scanner)) throw unreadable(scanner);
}

/** The error of what stands next. */
export function unreadable(scanner: Scanner): Error {
  const rest = scanner.source.slice(scanner.at, Math.min(scanner.end, scanner.at + 30)).trim();
  if (rest === '') return failAt(scanner.source, scanner.at, 'Something is missing here.');
  const hint = /^[‘’“”]/.test(rest) ? ' Use straight quotes.' : '';
  return failAt(scanner.source, scanner.at, `Could not read "${rest}".${hint}`);
}

/** The word that stands next, after blanks; undefined (and nothing read) when none does. */
export function word(scanner: Scanner): string | undefined {
  skipSpace(scanner);
  return take(scanner, wordPattern);
}

/** Reads `text` if it stands next as a whole word or sign. */
export function accept(scanner: Scanner, text: string): boolean {
  skipSpace(scanner);
  const end = scanner.at + text.length;
  if (end > scanner.end || !scanner.source.startsWith(text, scanner.at)) return false;
  if (/\w$/.test(text) && /[\p{L}\p{N}_.]/u.test(scanner.source.slice(end, end + 1))) return false;
  scanner.at = end;
  return true;
}

/** Reads a name that a tag gives to something. */
export function name(scanner: Scanner): string {
  const found = word(scanner);
  if (found === undefined) throw unreadable(scanner);
  return found;
}

/** Reads `as name`, if it stands next. */
export function asName(scanner: Scanner): string | undefined {
  return accept(scanner, 'as') ? name(scanner) : undefined;
}

function text(scanner: Scanner): string | undefined {
  const quote = scanner.source[scanner.at];
  if ((quote !== '"' && quote !== "'") || scanner.at >= scanner.end) return undefined;
  const start = scanner.at;
  let read = '';
  for (let at = start + 1; at < scanner.end; at += 1) {
    const character = scanner.source[at] ?? '';
    if (character === quote) {
      scanner.at = at + 1;
      return read;
    }
    const next = scanner.source[at + 1];
    if (character === '\\' && (next === quote || next === '\\')) at += 1;
    read += scanner.source[at] ?? '';
  }
  throw failAt(scanner.source, start, 'This text has no closing quote.');
}

/** Reads a literal, a dotted name, or a list of them in brackets. Literal texts are the author's own HTML: safe. */
export function operand(scanner: Scanner): Operand {
  return accept(scanner, '[') ? { kind: 'list', elements: elements(scanner) } : single(scanner);
}

/** Reads the rest of `[a, 'b', 3]`. */
function elements(scanner: Scanner): Operand[] {
  const found: Operand[] = [];
  if (accept(scanner, ']')) return found;
  do {
    skipSpace(scanner);
    found.push(single(scanner));
  } while (accept(scanner, ','));
  if (!accept(scanner, ']')) throw unreadable(scanner);
  return found;
}

function single(scanner: Scanner): Operand {
  const literal = text(scanner);
  if (literal !== undefined) return { kind: 'literal', value: new Safe(literal) };
  const number = take(scanner, numberPattern);
  if (number !== undefined) return { kind: 'literal', value: Number(number) };
  const path = take(scanner, pathPattern);
  if (path === undefined) throw unreadable(scanner);
  if (constants.has(path)) return { kind: 'literal', value: constants.get(path) };
  return { kind: 'path', steps: path.split('.') };
}

function appliedFilter(scanner: Scanner): AppliedFilter {
  skipSpace(scanner);
  const at = scanner.at;
  const called = word(scanner);
  if (called === undefined) throw unreadable(scanner);
  const filter = filters.get(called);
  if (!filter) throw failAt(scanner.source, at, `There is no filter "${called}".`);
  if (scanner.at >= scanner.end || scanner.source[scanner.at] !== ':') {
    if (filter.argument === 'required') throw failAt(scanner.source, at, `The filter "${called}" needs an argument.`);
    return { filter };
  }
  scanner.at += 1;
  if (/\s/.test(scanner.source[scanner.at] ?? '')) {
    throw failAt(scanner.source, scanner.at, `No space may stand after the colon of the filter "${called}".`);
  }
  if (filter.argument === undefined) throw failAt(scanner.source, at, `The filter "${called}" takes no argument.`);
  return { filter, argument: operand(scanner) };
}

/** Reads `operand|filter:argument|filter`; blanks may stand around the bars. */
export function expression(scanner: Scanner): Expression {
  skipSpace(scanner);
  const at = scanner.at;
  const first = operand(scanner);
  const applied: AppliedFilter[] = [];
  for (;;) {
    const before = scanner.at;
    skipSpace(scanner);
    if (scanner.at >= scanner.end || scanner.source[scanner.at] !== '|') {
      scanner.at = before;
      return { at, operand: first, filters: applied };
    }
    scanner.at += 1;
    applied.push(appliedFilter(scanner));
  }
}

/** Reads expressions up to `as` or the end. */
export function expressions(scanner: Scanner): Expression[] {
  const found: Expression[] = [];
  while (!done(scanner)) {
    const before = scanner.at;
    if (accept(scanner, 'as')) {
      scanner.at = before;
      break;
    }
    found.push(expression(scanner));
  }
  return found;
}

/** Reads `name=expression name=expression` to the end; a name that is not known is an error. */
export function options<Name extends string>(
  scanner: Scanner,
  known: readonly Name[],
): Partial<Record<Name, Expression>> {
  const found: Partial<Record<Name, Expression>> = {};
  while (!done(scanner)) {
    const at = scanner.at;
    const given = name(scanner);
    const option = known.find((one) => one === given);
    if (option === undefined) throw failAt(scanner.source, at, `Only ${known.join(', ')} may stand here.`);
    if (!accept(scanner, '=')) throw unreadable(scanner);
    found[option] = expression(scanner);
  }
  return found;
}
