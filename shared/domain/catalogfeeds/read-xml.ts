// The items of an XML document, one after the other, without ever holding the document.
import { xmlReader } from '../webfeeds/index.ts';
import { FeedRefused, type Reader, type Reading } from './reader.ts';

/** Elements inside elements, at most. */
const deepest = 50;

/** Hands on the elements at the end of `path` below the root (null: all children of the root). No DTD is taken. */
export function itemsOfXml(path: string | null, { take }: Reading): Promise<Reader> {
  const wanted = path === null ? [] : path.split('.');
  const isItem = ([, ...names]: readonly string[]) =>
    path === null
      ? names.length === 1
      : names.length === wanted.length && names.every((name, at) => name === wanted[at]);
  return xmlReader({
    deepest,
    onDoctype: () => {
      throw new FeedRefused('It declares a document type; only plain XML is taken.');
    },
    items: { isItem, take },
  });
}
