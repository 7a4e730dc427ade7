// Codes for scanners in shops (behaviour 8.2), drawn as cells of a table: mail programs show no other lines. Encoded by jsbarcode.
import type { NodeOf } from './ast.ts';
import { valueOf } from './evaluate.ts';
import { type State, emit, print } from './state.ts';
import { textOf } from './text.ts';
import { numberOf } from './values.ts';

type Encode = typeof import('jsbarcode');

let library: Encode | undefined;

/** To be awaited before a template with this source is rendered. */
export async function prepareBarcodes(source: string): Promise<void> {
  if (/\bbarcode\b/.test(source)) library ??= (await import('jsbarcode')).default;
}

/** What Code 128 can say; longer values make codes that no scanner reads off a screen. */
const writable = /^[\x20-\x7e]{1,80}$/;

/** The bars of a value as Code 128, `1` for a dark module; undefined when it cannot be written so. */
function barsOf(value: string): string | undefined {
  if (!library) throw new Error('prepareFor was not called for a template that shows a barcode.');
  if (!writable.test(value)) return undefined;
  const drawn: { encodings?: readonly { data: string }[] } = {};
  library(drawn, value, { format: 'CODE128' });
  return drawn.encodings?.map(({ data }) => data).join('');
}

/** A size in pixels that was asked for, within what a screen shows. */
const sizeOf = (asked: number | undefined, usual: number): number =>
  Math.round(Math.min(1000, Math.max(1, asked ?? usual)));

/** `{% barcode value width=200 height=100 %}`: a picture of the value; the value itself where there is no HTML. */
export function runBarcode({ value, width, height }: NodeOf<'barcode'>, state: State): void {
  const text = textOf(valueOf(value, state), state.fuel);
  const bars = state.escaping ? barsOf(text) : undefined;
  if (bars === undefined) return print(state, text);
  state.fuel.spend(bars.length);
  const asked = (of: typeof width) => (of === undefined ? undefined : numberOf(valueOf(of, state)));
  const [across, high] = [sizeOf(asked(width), 200), sizeOf(asked(height), 100)];
  const module = Math.max(1, Math.floor(across / bars.length));
  const cells = [...bars.matchAll(/1+|0+/g)].map(([run]) => {
    const shade = run.startsWith('1') ? '#000' : '#fff';
    return `<td width="${run.length * module}" height="${high}" style="background:${shade};padding:0"></td>`;
  });
  const table = '<table role="img" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse"';
  emit(state, `${table} aria-label="`);
  print(state, text);
  emit(state, `"><tbody><tr>${cells.join('')}</tr></tbody></table>`);
}
