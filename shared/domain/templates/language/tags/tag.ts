import type { Node } from '../ast.ts';
import type { Scanner } from '../scan.ts';

/** A tag that has been met: its name, and a scanner behind the name. */
export interface Tag {
  name: string;
  at: number;
  scanner: Scanner;
}

/** What a tag may ask of the parser. */
export interface Parser {
  source: string;
  /** The nodes up to one of the tags named; the last of them is the one that closes. Fails when none comes. */
  block(opening: Tag, ...until: [string, ...string[]]): { body: Node[]; end: Tag };
  /** The source up to the tag named, unread. */
  raw(opening: Tag, end: string): string;
}

/** Reads the rest of a tag (and its block); undefined when it leaves nothing behind. */
export type TagParser = (tag: Tag, parser: Parser) => Node | undefined;
