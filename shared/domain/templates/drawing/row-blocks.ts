// Blocks of several cells side by side.
import { groupsOf } from '../../../kernel/groups.ts';
import { type Draw, around, propertiesOf, stylesOf } from './look.ts';
import { type Css, attribute, cell, image, lettering, linked, padding, px, repeated, style, table } from './markup.ts';
import { type Part, number, part, parts, text } from './read.ts';

/** One cell of a split or table. */
function drawCell(sub: Part): string {
  const type = text(sub, 'type') ?? '';
  if (type.endsWith('image'))
    return image({ ...sub, src: text(sub, 'cropped_src') ?? text(sub, 'src') }, {}, number(sub, 'image_width'));
  if (type.endsWith('html')) return text(sub, 'content') ?? '';
  return `<div${style(lettering(sub))}>${text(sub, 'content') ?? ''}</div>`;
}

export const drawSplit: Draw = (data, block) => {
  const styles = stylesOf(data);
  const widths = (text(styles, 'column_widths') ?? '').split(/[-,/ ]+/).map((one) => Number.parseFloat(one));
  const cells = parts(block, 'subblocks').map((sub, i) => {
    const width = widths[i];
    const look = { width: width !== undefined && width > 0 ? `${width}%` : undefined, 'vertical-align': 'top' };
    return `<td class="mr-column"${style({ ...look, 'text-align': text(sub, 'cell_text_align') })}>${drawCell(sub)}</td>`;
  });
  return cell(table(`<tr>${cells.join('')}</tr>`), around(styles));
};

/** Header cells, then rows of as many cells as there are columns; the rows repeat where the block says over what. */
export const drawTable: Draw = (data, block) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const all = parts(block, 'subblocks');
  const of = (sub: Part, look: Css) =>
    `<td${style({ ...look, 'text-align': text(sub, 'cell_text_align') })}>${drawCell(sub)}</td>`;
  const isHeader = (sub: Part) => text(sub, 'type') === 'table_header';
  const isFallback = (sub: Part) => (text(sub, 'type') ?? '').startsWith('table_fallback');
  const headers = properties['show_headers'] === false ? [] : all.filter(isHeader);
  const look = { padding: padding(styles, 'cell'), 'vertical-align': text(styles, 'cell_vertical_align') };
  const body = all.filter((sub) => !isHeader(sub) && !isFallback(sub));
  const columns = Math.max(1, number(properties, 'num_columns') ?? headers.length);
  const rows = groupsOf(body, columns).map((row) => `<tr>${row.map((sub) => of(sub, look)).join('')}</tr>`);
  const headed = {
    ...lettering(styles, 'header_'),
    'background-color': text(styles, 'header_background_color'),
    padding: padding(styles, 'header'),
  };
  const head = headers.length === 0 ? '' : `<tr>${headers.map((sub) => of(sub, headed)).join('')}</tr>`;
  const repeat = part(properties, 'row_content_repeat');
  const shown = table(head + repeated(repeat, rows.join('')), {
    'background-color': text(styles, 'table_background_color'),
  });
  return cell(shown, around(styles));
};

/** The logo and the links of a header, side by side. */
export const drawHeader: Draw = (data, block) => {
  const styles = stylesOf(data);
  const items = parts(block, 'subblocks').map((sub) => {
    const type = text(sub, 'type');
    const shown =
      type === 'header_link_bar_button'
        ? linked(text(sub, 'href') ?? '#', text(sub, 'content') ?? '', lettering(styles))
        : image(sub, {}, number(sub, 'width') ?? number(sub, 'max_width'));
    return `<td class="mr-column"${style({ padding: px((number(styles, 'item_spacing') ?? 10) / 2) })}>${shown}</td>`;
  });
  return cell(
    `<table role="presentation" align="center"><tbody><tr>${items.join('')}</tr></tbody></table>`,
    around(styles),
  );
};

const iconSizes: Readonly<Record<string, number>> = { small: 24, medium: 32, large: 48 };

/** Links to networks: their own picture where they have one, else their name. */
export const drawSocial: Draw = (data, block) => {
  const styles = stylesOf(data);
  const size = iconSizes[text(styles, 'icon_size') ?? 'medium'];
  const links = parts(block, 'subblocks').map((sub) => {
    if (text(sub, 'type') !== 'social_link_icon')
      return `<span${style({ 'padding-left': px(number(sub, 'width')) })}></span>`;
    const label = text(sub, 'label') ?? text(sub, 'link_type') ?? '';
    const picture = image({ src: text(sub, 'custom_src'), alt_text: label }, {}, number(sub, 'custom_size') ?? size);
    return linked(
      text(sub, 'link_url') ?? '#',
      picture === '' ? attribute(label) : picture,
      lettering(styles, 'label_'),
    );
  });
  const between = `<span${style({ 'padding-left': px(number(styles, 'icon_spacing') ?? 8) })}></span>`;
  return cell(links.join(between), { ...around(styles), 'text-align': text(styles, 'icon_align') ?? 'center' });
};
