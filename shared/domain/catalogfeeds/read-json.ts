// The objects of a JSON document, one after the other, without ever holding the document.
import type { Reader, Reading } from './reader.ts';
import { FeedRefused } from './reader.ts';

/** Lists and objects inside each other, at most. */
const deepest = 50;

/** Hands on the members of the list at the end of `path` (null: the document itself). Numbers are handed on as texts. */
export async function jsonReader(path: string | null, { take }: Reading): Promise<Reader> {
  const [{ jsonParser }, { Assembler }, { none, isMany, getManyValues }] = await Promise.all([
    import('stream-json/core/parser.js'),
    import('stream-json/core/assembler.js'),
    import('stream-chain/core'),
  ]);
  const parser = jsonParser({ streamValues: false });
  const assembler = new Assembler({ numberAsString: true });
  const wanted = path === null ? [] : path.split('.');
  type Token = Parameters<typeof assembler.consume>[0];
  /** Where we are outside of the items: the key of each object that is open, null for a list. */
  const open: (string | null)[] = [];
  let state: 'before' | 'in' | 'after' = 'before';

  const isThere = () => open.length === wanted.length && open.every((key, at) => key === wanted[at]);

  function outside({ name, ...token }: Token): void {
    if (name === 'startArray' && state === 'before' && isThere()) state = 'in';
    else if (name === 'startObject' || name === 'startArray') open.push(null);
    else if (name === 'endObject' || name === 'endArray') open.pop();
    else if (name === 'keyValue' && 'value' in token) open[open.length - 1] = String(token.value);
    if (open.length > deepest) throw new FeedRefused(`It nests deeper than ${deepest} levels.`);
  }

  function follow(token: Token): void {
    if (state !== 'in') return outside(token);
    if (assembler.done && token.name === 'endArray') {
      state = 'after';
      return;
    }
    assembler.consume(token);
    if (assembler.depth > deepest) throw new FeedRefused(`An item nests deeper than ${deepest} levels.`);
    if (assembler.done) take(assembler.current);
  }

  function feed(text: string | typeof none): void {
    const tokens = parser(text as string);
    if (isMany(tokens)) for (const token of getManyValues<Token>(tokens)) follow(token);
  }

  return {
    write: feed,
    end() {
      feed(none);
      if (state === 'before') throw new FeedRefused(`There is no list of items${path === null ? '' : ` at ${path}`}.`);
    },
  };
}
