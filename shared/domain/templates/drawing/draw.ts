// A drag-and-drop definition as HTML, its template tags in place. Pure: what it shows of universal content stands as a mark
// that is filled in when the template is read (../fill.ts).
import { drawings } from './blocks.ts';
import { type Css, border, cell, declarations, displayed, lettering, padding, px, style, table } from './markup.ts';
import { type Part, number, part, parts, text } from './read.ts';

/** Stands for universal content; a comment of the template language, so that one that is gone shows nothing. */
export const markOf = (id: string): string => `{# universal ${id} #}`;
export const marks = /\{# universal ([\w-]{1,64}) #\}/g;

/** The id of the universal content that a part shows; undefined when it shows its own. */
function universalIn(of: Part): string | undefined {
  const id = text(of, 'universal_id');
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : undefined;
}

/** A block as a row. Universal content is shown as it is now, not as it was when the block was put there. */
export function drawBlock(block: Part): string {
  const universal = universalIn(block);
  if (universal !== undefined) return markOf(universal);
  const data = part(block, 'data');
  const drawn = drawings[text(block, 'type') ?? '']?.(data, block) ?? '';
  const options = part(data, 'display_options');
  // A repetition or condition stands around the row; what is for one kind of screen stands inside of it.
  return displayed({ ...options, show_on: undefined }, onScreen(options, drawn));
}

/** Rows of a table are shown and hidden by a class of their own. */
function onScreen(options: Part, row: string): string {
  const shown = text(options, 'show_on');
  return shown === 'desktop' || shown === 'mobile' ? row.replace('<tr>', `<tr class="mr-${shown}">`) : row;
}

const shares: Readonly<Record<string, readonly number[]>> = {
  '1-column-full-width': [100],
  '2-columns-equal-width': [50, 50],
  '3-columns-equal-width': [33.33, 33.33, 33.34],
  '4-columns-equal-width': [25, 25, 25, 25],
};

/** The widths of columns, in percent: `3-columns-25%-25%-50%` says them itself. */
function widthsOf(layout: string, columns: number): readonly number[] {
  const said = [...layout.matchAll(/(\d+)%/g)].map(([, width]) => Number(width));
  return shares[layout] ?? (said.length > 0 ? said : Array.from({ length: columns }, () => 100 / Math.max(1, columns)));
}

function drawRow(row: Part, upright: string | undefined): string {
  const columns = parts(row, 'columns');
  const widths = widthsOf(text(part(part(row, 'data'), 'styles'), 'column_layout') ?? '', columns.length);
  const cells = columns.map((column, i) => {
    const look = { width: `${widths[i] ?? 100 / columns.length}%`, 'vertical-align': upright ?? 'top' };
    return `<td class="mr-column"${style(look)}>${table(parts(column, 'blocks').map(drawBlock).join(''))}</td>`;
  });
  return table(`<tr>${cells.join('')}</tr>`);
}

function drawSection(section: Part): string {
  const universal = universalIn(section);
  if (universal !== undefined) return table(markOf(universal));
  const data = part(section, 'data');
  const styles = part(data, 'styles');
  const look: Css = {
    'background-color': text(styles, 'background_color'),
    color: text(styles, 'content_color'),
    border: border(styles),
    padding: padding(styles, 'inner'),
    ...background(styles),
  };
  const rows = parts(section, 'rows').map((row) => drawRow(row, text(styles, 'column_align')));
  return displayed(part(data, 'display_options'), table(cell(rows.join(''), look)));
}

/** Addresses that could end the declaration they stand in are left out. */
function background(styles: Part): Css {
  const url = text(styles, 'background_url');
  if (url === undefined || !/^https:\/\/[^\s"'()\\]+$/.test(url)) return {};
  const format = text(styles, 'background_format');
  return {
    'background-image': `url(${url})`,
    'background-size': format === 'cover' || format === 'contain' ? format : undefined,
    'background-position': text(styles, 'background_position')?.replace('-', ' '),
    'background-repeat': styles['background_repeat'] === true || format === 'repeat' ? 'repeat' : 'no-repeat',
  };
}

/** CSS of the whole: mail programs that read none of it still show everything. */
function sheet(definition: Part): string {
  const of = (type: string) =>
    part(parts(definition, 'styles').find((one) => one['style_type'] === type) ?? {}, 'styles');
  const rule = (selector: string, css: Css) => {
    const said = declarations(css);
    return said === '' ? '' : `${selector}{${said}}`;
  };
  const heading = (level: number) => {
    const styles = of(`heading-${level}-styles`);
    return rule(`h${level}`, { margin: `0 0 ${number(styles, 'margin_bottom') ?? 0}px`, ...lettering(styles) });
  };
  return [
    rule('body', lettering(of('text-styles'))),
    ...[1, 2, 3, 4].map(heading),
    rule('a', lettering(of('link-styles'))),
    '.mr-mobile{display:none}',
    '@media only screen and (max-width:480px){.mr-desktop{display:none!important}.mr-mobile{display:block!important}',
    '.mr-column{display:block!important;width:100%!important}}',
  ].join('');
}

/** The HTML of a definition. */
export function drawDefinition(definition: Part): string {
  const body = part(definition, 'body');
  const base = part(parts(definition, 'styles').find((one) => one['style_type'] === 'base-styles') ?? {}, 'styles');
  const styles = part(body, 'styles');
  const outer = { margin: '0', padding: '0', 'background-color': text(styles, 'background_color') };
  const inner: Css = {
    'max-width': px(number(styles, 'width') ?? 600),
    margin: `${number(base, 'margin_top') ?? 0}px auto 0`,
    'background-color': text(base, 'content_background_color'),
    border: border(base),
    'border-radius': px(number(base, 'border_radius')),
    padding: padding(base, 'inner'),
  };
  const sections = parts(body, 'sections').map(drawSection).join('');
  return (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<style>${sheet(definition)}</style></head><body${style(outer)}><div${style(inner)}>${sections}</div></body></html>`
  );
}
