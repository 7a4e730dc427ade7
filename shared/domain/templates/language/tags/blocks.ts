// Tags that enclose something.
import type { Expression, Node } from '../ast.ts';
import { condition } from '../condition.ts';
import { failAt } from '../failure.ts';
import { accept, done, expression, expressions, finish, name, unreadable } from '../scan.ts';
import type { Parser, Tag, TagParser } from './tag.ts';

function parseIf(tag: Tag, parser: Parser): Node {
  const branches: { when?: ReturnType<typeof condition>; body: Node[] }[] = [];
  let open = tag;
  for (;;) {
    const last = open.name === 'else';
    const when = last ? undefined : condition(open.scanner);
    if (last) finish(open.scanner);
    const { body, end } = last ? parser.block(tag, 'endif') : parser.block(tag, 'elif', 'else', 'endif');
    branches.push({ ...(when && { when }), body });
    if (end.name === 'endif') return { kind: 'if', at: tag.at, branches };
    open = end;
  }
}

/** The block of a tag that may have an alternative part. */
function withAlternative(
  tag: Tag,
  parser: Parser,
  between: string,
  close: string,
): { body: Node[]; otherwise: Node[] } {
  const { body, end } = parser.block(tag, between, close);
  if (end.name === close) return { body, otherwise: [] };
  return { body, otherwise: parser.block(tag, close).body };
}

function parseFor(tag: Tag, parser: Parser): Node {
  const names = [name(tag.scanner)];
  while (accept(tag.scanner, ',')) names.push(name(tag.scanner));
  if (!accept(tag.scanner, 'in')) throw unreadable(tag.scanner);
  const over = expression(tag.scanner);
  const reversed = accept(tag.scanner, 'reversed');
  finish(tag.scanner);
  return { kind: 'for', at: tag.at, names, over, reversed, ...withAlternative(tag, parser, 'empty', 'endfor') };
}

/** `with a=b c=d`, or the older `with b as a and d as c`. */
function bindings(tag: Tag): [string, Expression][] {
  const { scanner } = tag;
  const found: [string, Expression][] = [];
  do {
    const before = scanner.at;
    const variable = name(scanner);
    if (scanner.source[scanner.at] === '=' && scanner.at < scanner.end) {
      scanner.at += 1;
      found.push([variable, expression(scanner)]);
      continue;
    }
    scanner.at = before;
    const value = expression(scanner);
    if (!accept(scanner, 'as')) throw unreadable(scanner);
    found.push([name(scanner), value]);
    accept(scanner, 'and');
  } while (!done(scanner));
  return found;
}

function parseWith(tag: Tag, parser: Parser): Node {
  return { kind: 'with', at: tag.at, bindings: bindings(tag), body: parser.block(tag, 'endwith').body };
}

function parseAutoescape(tag: Tag, parser: Parser): Node {
  const mode = name(tag.scanner);
  if (mode !== 'on' && mode !== 'off') throw failAt(parser.source, tag.at, 'The tag "autoescape" takes on or off.');
  finish(tag.scanner);
  return { kind: 'autoescape', at: tag.at, on: mode === 'on', body: parser.block(tag, 'endautoescape').body };
}

function parseSpaceless(tag: Tag, parser: Parser): Node {
  finish(tag.scanner);
  return { kind: 'spaceless', at: tag.at, body: parser.block(tag, 'endspaceless').body };
}

function parseIfchanged(tag: Tag, parser: Parser): Node {
  const of = expressions(tag.scanner);
  finish(tag.scanner);
  return { kind: 'ifchanged', at: tag.at, of, ...withAlternative(tag, parser, 'else', 'endifchanged') };
}

function parseComment(tag: Tag, parser: Parser): undefined {
  parser.raw(tag, 'endcomment');
}

function parseVerbatim(tag: Tag, parser: Parser): Node {
  return { kind: 'text', at: tag.at, text: parser.raw(tag, 'endverbatim') };
}

export const blockTags = {
  if: parseIf,
  for: parseFor,
  with: parseWith,
  autoescape: parseAutoescape,
  spaceless: parseSpaceless,
  ifchanged: parseIfchanged,
  comment: parseComment,
  verbatim: parseVerbatim,
} as const satisfies Record<string, TagParser>;
