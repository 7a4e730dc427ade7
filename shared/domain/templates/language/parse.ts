// Tokens to tree. Each tag's own grammar lies in tags/.
import type { Node } from './ast.ts';
import { failAt } from './failure.ts';
import { deepest } from './fuel.ts';
import { type Token, lex } from './lex.ts';
import { type Scanner, expression, finish, skipSpace, word } from './scan.ts';
import { tagParsers } from './tags/index.ts';
import type { Parser, Tag } from './tags/tag.ts';

function scannerOf(source: string, token: Token): Scanner {
  return { source, at: token.start + 2, end: token.end - 2 };
}

/** The tree of a template. Throws TemplateError. */
export function parse(source: string): readonly Node[] {
  const tokens = lex(source);
  let position = 0;
  let depth = 0;

  function tagOf(token: Token): Tag {
    const scanner = scannerOf(source, token);
    skipSpace(scanner);
    return { name: word(scanner) ?? '', at: token.start, scanner };
  }

  function node(token: Token): Node | undefined {
    if (token.kind === 'comment') return undefined;
    if (token.kind === 'text') return { kind: 'text', at: token.start, text: source.slice(token.start, token.end) };
    const scanner = scannerOf(source, token);
    const read = expression(scanner);
    finish(scanner);
    return { kind: 'print', at: token.start, expression: read };
  }

  const parser: Parser = {
    source,
    block(opening, ...until) {
      depth += 1;
      if (depth > deepest) throw failAt(source, opening.at, `Blocks may be nested ${deepest} deep, not deeper.`);
      const nodes = nodesUntil(until);
      depth -= 1;
      if (nodes.end === undefined) {
        throw failAt(source, opening.at, `The tag "${opening.name}" is never closed by "${until.at(-1) ?? ''}".`);
      }
      return { body: nodes.body, end: nodes.end };
    },
    raw(opening, end) {
      const from = tokens[position]?.start ?? source.length;
      for (; position < tokens.length; position += 1) {
        const token = tokens[position];
        if (token?.kind !== 'tag' || tagOf(token).name !== end) continue;
        position += 1;
        return source.slice(from, token.start);
      }
      throw failAt(source, opening.at, `The tag "${opening.name}" is never closed by "${end}".`);
    },
  };

  function nodesUntil(until: readonly string[]): { body: Node[]; end?: Tag } {
    const body: Node[] = [];
    for (let token = tokens[position]; token !== undefined; token = tokens[position]) {
      position += 1;
      const tag = token.kind === 'tag' ? tagOf(token) : undefined;
      if (tag && until.includes(tag.name)) return { body, end: tag };
      const made = tag ? tagNode(tag) : node(token);
      if (made) body.push(made);
    }
    return { body };
  }

  function tagNode(tag: Tag): Node | undefined {
    const parseTag = tagParsers.get(tag.name);
    if (!parseTag) throw failAt(source, tag.at, `There is no tag "${tag.name}" here.`);
    return parseTag(tag, parser);
  }

  return nodesUntil([]).body;
}
