// The text part of an email, made of its HTML. Making it takes as long as all else of an email together, and most emails of a
// template differ in some words alone: their text parts do so too, and are filled in once that has been seen.
import { holding } from './language/held.ts';
import type { Rendered } from './language/compile.ts';
import { plainTextMaker } from './plain-text.ts';

/** Letters for private use stand for values. */
const firstMark = 0xe000;
const marks = /[\uE000-\uF8FF]/gu;
const mostValues = 1000;

/** What is a word, or words with single blanks between them, stays what it is wherever it stands in a text. */
const steady = /^[^\s\u200B\uE000-\uF8FF]+(?: [^\s\u200B\uE000-\uF8FF]+)*$/u;
/** Where else a value may stand: in the address of a link. Within other marks it may decide what the mark means. */
const inAddress = /\shref=(?:"[^"<>]*|'[^'<>]*)$/iu;
/** Addresses that text parts do not show as they are. */
const special = /^(?:#|mailto:)| /iu;
/** What becomes another letter together with what follows. */
const halfEntity = /&#?\w*$/u;

/** The HTML with marks in the place of its values, equal marks for equal values. */
interface Shaped {
  shape: string;
  values: readonly string[];
}

type Place = 'text' | 'address';

/** Where a value stands that a text part shows as it is, whatever it is; `open`: what is written of the mark around it. */
function placeOf(value: string, open: string, before: string): Place | undefined {
  if (!steady.test(value) || halfEntity.test(before)) return undefined;
  if (open === '') return 'text';
  return inAddress.test(open) && value.length >= 8 && !special.test(value) ? 'address' : undefined;
}

/** What of the mark that is open is written after a piece; empty in text. */
function openAfter(piece: string, open: string): string {
  const from = piece.lastIndexOf('<');
  if (piece.lastIndexOf('>') > from) return '';
  return from >= 0 ? piece.slice(from) : open && open + piece;
}

function shapeOf({ pieces, values, text }: Rendered): Shaped | undefined {
  if (values.size === 0 || values.size > mostValues || text.search(marks) >= 0) return undefined;
  const used = new Map<string, { number: number; times: number; written: string; inAddress: boolean }>();
  let [shape, open] = ['', ''];
  for (const [at, piece] of pieces.entries()) {
    const value = values.get(at);
    const place = value === undefined ? undefined : placeOf(value, open, pieces[at - 1] ?? '');
    if (value === undefined || place === undefined) {
      shape += piece;
      open = openAfter(piece, open);
      continue;
    }
    const use = used.get(value) ?? { number: used.size, times: 0, written: piece, inAddress: false };
    used.set(value, { ...use, times: use.times + 1, inAddress: use.inAddress || place === 'address' });
    shape += String.fromCharCode(firstMark + use.number);
  }
  // An address is not shown beside itself: what a link shows must not be what it leads to by chance.
  const isAlone = [...used.values()].every((use) => !use.inAddress || text.split(use.written).length - 1 === use.times);
  return isAlone ? { shape, values: [...used.keys()] } : undefined;
}

/** Shapes that were met; `text` once two emails of the shape had the text parts that filling it in makes. */
const shapes = holding((): { met: number; text?: string } => ({ met: 0 }));

const filled = (text: string, values: readonly string[]) =>
  text.replaceAll(marks, (mark) => values[mark.charCodeAt(0) - firstMark] ?? '');

/** The text part of what a template was rendered to. */
export async function textPartOf(rendered: Rendered): Promise<string> {
  const plainTextOf = await plainTextMaker();
  const shaped = shapeOf(rendered);
  if (!shaped) return plainTextOf(rendered.text);
  const known = shapes(shaped.shape);
  if (known.text !== undefined) return filled(known.text, shaped.values);
  const text = plainTextOf(rendered.text);
  known.met += 1;
  // A shape that comes but once is not worth it.
  if (known.met !== 2) return text;
  const made = plainTextOf(shaped.shape);
  if (filled(made, shaped.values) === text) known.text = made;
  return text;
}
