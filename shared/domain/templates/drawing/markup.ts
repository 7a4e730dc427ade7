// Definitions to markup that mail programs show: tables, styles on every element. Texts of the author may hold template
// tags, which are kept as they are; everything else that stands in an attribute is escaped.
import { escapeHtml } from '../../../kernel/html.ts';
import { type Part, number, text } from './read.ts';

/** A text in an attribute, its template tags untouched. */
export function attribute(value: string): string {
  return value
    .split(/(\{\{[^\n]*?\}\}|\{%[^\n]*?%\})/)
    .map((piece, i) => (i % 2 === 1 ? piece : escapeHtml(piece)))
    .join('');
}

/** CSS declarations by name; what has no value is left out, and so is what could end a declaration. */
export type Css = Readonly<Record<string, string | undefined>>;

export function declarations(css: Css): string {
  const said = Object.entries(css).filter(([, value]) => value !== undefined && /^[^;{}<>]+$/.test(value));
  return said.map(([name, value = '']) => `${name}:${value}`).join(';');
}

/** The declarations as the attribute of an element. */
export function style(css: Css): string {
  const inside = declarations(css);
  return inside === '' ? '' : ` style="${attribute(inside)}"`;
}

export const px = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value}px`);

/** Four sides behind `prefix_padding_…`. */
export function padding(of: Part, prefix: string): string | undefined {
  const sides = ['top', 'right', 'bottom', 'left'].map((side) => number(of, `${prefix}_padding_${side}`));
  return sides.every((side) => side === undefined) ? undefined : sides.map((side) => px(side ?? 0)).join(' ');
}

/** `border_width`, `_style` and `_color`, with a prefix. */
export function border(of: Part, prefix = ''): string | undefined {
  const width = number(of, `${prefix}border_width`);
  if (!width) return undefined;
  return `${width}px ${text(of, `${prefix}border_style`) ?? 'solid'} ${text(of, `${prefix}border_color`) ?? '#000000'}`;
}

/** How letters look, with a prefix. */
export function lettering(of: Part, prefix = ''): Css {
  const lineHeight = number(of, `${prefix}line_height`);
  return {
    color: text(of, `${prefix}color`) ?? text(of, `${prefix}font_color`),
    'font-family': text(of, `${prefix}font_family`),
    'font-size': px(number(of, `${prefix}font_size`)),
    'font-style': text(of, `${prefix}font_style`),
    'font-weight': text(of, `${prefix}font_weight`),
    'letter-spacing': px(number(of, `${prefix}letter_spacing`)),
    'line-height': lineHeight === undefined ? undefined : String(lineHeight),
    'text-decoration': text(of, `${prefix}text_decoration`),
    'text-align': text(of, `${prefix}text_align`),
  };
}

/** A table of one column, which mail programs lay out as we say. */
export function table(rows: string, css: Css = {}, more = ''): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"${more}${style(css)}><tbody>${rows}</tbody></table>`;
}

export const cell = (inside: string, css: Css = {}, more = ''): string =>
  `<tr><td${more}${style(css)}>${inside}</td></tr>`;

/** An image, behind a link where there is one. */
export function image(of: Part, css: Css, width?: number): string {
  const source = text(of, 'src') ?? text(of, 'raw_src');
  if (source === undefined) return '';
  const size = width === undefined ? '' : ` width="${width}"`;
  const alt = attribute(text(of, 'alt_text') ?? '');
  const shown = `<img src="${attribute(source)}" alt="${alt}"${size}${style({ border: '0', 'max-width': '100%', ...css })}>`;
  return linked(text(of, 'href'), shown);
}

export function linked(address: string | undefined, inside: string, css: Css = {}): string {
  return address === undefined ? inside : `<a href="${attribute(address)}" target="_blank"${style(css)}>${inside}</a>`;
}

/** A thing as often and for whom its display options say. */
export function displayed(options: Part, inside: string): string {
  const shown = text(options, 'show_on');
  const shownOn = shown === 'desktop' || shown === 'mobile' ? `<div class="mr-${shown}">${inside}</div>` : inside;
  const visibility = options['visibility'];
  const check = text(options, 'visible_check') ?? (visibility ? text(visibility as Part, 'check') : undefined);
  const seen = check === undefined ? shownOn : `{% if ${check} %}${shownOn}{% endif %}`;
  const repeat = options['content_repeat'];
  return repeat ? repeated(repeat as Part, seen) : seen;
}

export function repeated(repeat: Part, inside: string): string {
  const [over, alias] = [text(repeat, 'repeat_for'), text(repeat, 'item_alias')];
  return over === undefined || alias === undefined ? inside : `{% for ${alias} in ${over} %}${inside}{% endfor %}`;
}
