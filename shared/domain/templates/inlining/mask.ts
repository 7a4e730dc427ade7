// Templates as HTML and CSS see them: what belongs to the template language is covered up, and every offset stays.
import { lex } from '../language/lex.ts';

export interface Masked {
  /** As long as the source. A tag of the language reads as a part of a name that nothing is called. */
  text: string;
  /** True where the language may leave the source out or repeat it. */
  inBlock: (offset: number) => boolean;
}

/** What tags of the language are covered up by. */
export const cover = '\uE000';

const nameOf = (tag: string): string => /^\{%-?\s*(\w+)/.exec(tag)?.[1] ?? '';

/** Covers up the template language in a source. Linear in its length. */
export function masked(source: string): Masked {
  const tokens = lex(source).map(({ kind, start, end }) => {
    const text = source.slice(start, end);
    return { kind, start, end, text, name: kind === 'tag' ? nameOf(text) : '' };
  });
  const names = new Set(tokens.map(({ name }) => name));
  const blocks = new Uint8Array(source.length);
  let depth = 0;
  for (const { name, start, end } of tokens) {
    if (name.startsWith('end')) depth -= 1;
    if (depth !== 0) blocks.fill(1, start, end);
    if (name !== '' && names.has(`end${name}`)) depth += 1;
  }
  const pieces = tokens.map(({ kind, start, end, text }) =>
    // A mark of byte order is passed over by the reader of CSS, which then counts one letter less.
    kind === 'text' ? text.replaceAll('\uFEFF', ' ') : cover.repeat(end - start),
  );
  return { text: pieces.join(''), inBlock: (offset) => blocks[offset] === 1 };
}
