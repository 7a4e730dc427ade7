// The kinds of blocks of a definition, drawn. The blocks of a column are rows of its table.
import { groupsOf } from '../../../kernel/groups.ts';
import {
  type Css,
  attribute,
  border,
  cell,
  image,
  lettering,
  linked,
  padding,
  px,
  repeated,
  style,
  table,
} from './markup.ts';
import { type Part, number, part, parts, text } from './read.ts';

type Draw = (data: Part, block: Part) => string;

const stylesOf = (data: Part) => part(data, 'styles');
const propertiesOf = (data: Part) => part(data, 'properties');

/** What stands around every block. */
const around = (styles: Part): Css => ({
  'background-color': text(styles, 'block_background_color'),
  padding: padding(styles, 'block'),
  border: border(styles, 'block_'),
});

const drawText: Draw = (data) => {
  const styles = stylesOf(data);
  const inner = {
    ...lettering(styles),
    padding: padding(styles, 'inner'),
    'background-color': text(styles, 'background_color'),
  };
  const name = text(styles, 'extra_css_class');
  const named = name === undefined ? '' : ` class="${attribute(name)}"`;
  return cell(`<div${named}${style(inner)}>${text(data, 'content') ?? ''}</div>`, around(styles));
};

const drawHtml: Draw = (data) => cell(text(data, 'content') ?? '');

/** A button: a link that fills a colored cell. */
function button(styles: Part, words: string, address: string | undefined): string {
  const look: Css = {
    ...lettering(styles),
    display: 'inline-block',
    'background-color': text(styles, 'background_color'),
    border: border(styles),
    'border-radius': px(number(styles, 'border_radius')),
    padding: padding(styles, 'inner'),
    'text-decoration': text(styles, 'text_decoration') ?? 'none',
    'text-align': 'center',
    width: styles['stretch'] === true ? '100%' : undefined,
  };
  return linked(address ?? '#', words, look);
}

const drawButton: Draw = (data) => {
  const styles = stylesOf(data);
  const shown = button(styles, text(data, 'content') ?? '', text(propertiesOf(data), 'href'));
  return cell(shown, { ...around(styles), 'text-align': text(styles, 'text_align') ?? 'center' });
};

const quoted = (name: string) => name.replaceAll(/['\\]/g, String.raw`\$&`);

/** A coupon: the recipient's own code, as a button where it leads somewhere. */
const drawCoupon: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const name = text(properties, 'coupon') ?? text(properties, 'coupon_id');
  const code = name === undefined ? '' : `{% coupon_code '${quoted(name)}' %}`;
  const heading: Css = {
    'font-family': text(styles, 'header_font_family'),
    'font-size': px(number(styles, 'header_font_size')),
    padding: padding(styles, 'header'),
  };
  const header =
    properties['header_enabled'] === true ? `<div${style(heading)}>${text(data, 'content') ?? ''}</div>` : '';
  const href = text(properties, 'href');
  const look = { ...lettering(styles), padding: padding(styles, 'inner'), border: border(styles) };
  const shown = href === undefined ? `<span${style(look)}>${code}</span>` : button(styles, code, href);
  return cell(header + shown, { ...around(styles), 'text-align': text(styles, 'text_align') ?? 'center' });
};

const shadows: Readonly<Record<string, string>> = { dark: '#999999', light: '#eeeeee', medium: '#cccccc' };

const drawShadow: Draw = (data) => {
  const styles = stylesOf(data);
  const color = shadows[text(styles, 'shadow_color') ?? 'medium'] ?? '#cccccc';
  return cell(`<div${style({ height: '4px', 'background-color': color })}></div>`, around(styles));
};

const drawRule: Draw = (data) => {
  const styles = stylesOf(data);
  return cell(`<div${style({ 'border-top': border(styles) ?? '1px solid #cccccc' })}></div>`, around(styles));
};

const drawSpacer: Draw = (data) => {
  const styles = stylesOf(data);
  const height = number(styles, 'height') ?? 20;
  const look = { height: px(height), 'line-height': px(height), 'background-color': text(styles, 'background_color') };
  return cell('&nbsp;', look);
};

const drawImage: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const cropped = part(properties, 'cropping_properties');
  const source = text(cropped, 'src') ?? text(properties, 'src');
  const look = { width: px(number(styles, 'width')), border: border(styles), padding: padding(styles, 'inner') };
  const shown = image({ ...properties, src: source }, look, number(styles, 'width') ?? number(styles, 'max_width'));
  return cell(shown, { ...around(styles), 'text-align': text(styles, 'align') ?? 'center' });
};

/** One cell of a split or table. */
function drawCell(sub: Part): string {
  const type = text(sub, 'type') ?? '';
  if (type.endsWith('image'))
    return image({ ...sub, src: text(sub, 'cropped_src') ?? text(sub, 'src') }, {}, number(sub, 'image_width'));
  if (type.endsWith('html')) return text(sub, 'content') ?? '';
  return `<div${style(lettering(sub))}>${text(sub, 'content') ?? ''}</div>`;
}

const drawSplit: Draw = (data, block) => {
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
const drawTable: Draw = (data, block) => {
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
const drawHeader: Draw = (data, block) => {
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
const drawSocial: Draw = (data, block) => {
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

/** Products as they were chosen. */
const drawProducts: Draw = (data, block) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const shows = (name: string) => properties[`show_${name}`] !== false;
  const items = parts(block, 'subblocks').map((sub) => {
    const href = text(sub, 'link') ?? text(sub, 'url');
    const title = text(sub, 'title') ?? text(sub, 'name') ?? '';
    const line = (name: string, inside: string | undefined) =>
      inside === undefined ? '' : `<div${style(lettering(styles, `${name}_`))}>${inside}</div>`;
    return [
      image({ src: text(sub, 'image_url'), alt_text: title, href }, {}),
      shows('title') ? line('title', linked(shows('title_links') ? href : undefined, attribute(title))) : '',
      properties['show_description'] === true ? line('description', text(sub, 'description')) : '',
      shows('price') ? line('price', text(sub, 'price')) : '',
      shows('button') ? button(buttonOf(styles), attribute(text(sub, 'button_text') ?? 'Shop now'), href) : '',
    ].join('');
  });
  const columns = Math.max(1, number(styles, 'num_columns') ?? items.length);
  const rows = groupsOf(items, columns).map((row) => {
    return `<tr>${row.map((one) => `<td class="mr-column" align="center" valign="top"${style({ padding: padding(styles, 'item') })}>${one}</td>`).join('')}</tr>`;
  });
  return cell(table(rows.join('')), around(styles));
};

/** The styles of a product's button, by the names of a button's own. */
const buttonOf = (styles: Part): Part =>
  Object.fromEntries(
    Object.entries(styles).flatMap(([name, value]) => {
      if (!name.startsWith('button_')) return [];
      const own = name.slice('button_'.length).replace(/^padding_/, 'inner_padding_');
      return [[own === 'font_color' ? 'color' : own, value]];
    }),
  );

/** A review as it was chosen: stars, words, author. */
const drawReview: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const stars = Math.min(5, Math.max(0, number(properties, 'stars') ?? 0));
  const shown = (name: string, inside: string | undefined, when = true) =>
    inside === undefined || !when ? '' : `<div${style(lettering(styles, `${name}_`))}>${inside}</div>`;
  const rating = `<span${style({ color: text(styles, 'star_color') })}>${'★'.repeat(stars)}</span>${'☆'.repeat(5 - stars)}`;
  const body =
    (properties['show_rating'] === false ? '' : `<div>${rating}</div>`) +
    shown('quote', text(properties, 'quote')) +
    shown('author', text(properties, 'author'), properties['show_reviewer_name'] !== false) +
    shown('product_name', text(properties, 'product_name'), properties['show_product_name'] !== false);
  return cell(body, { ...around(styles), border: border(styles) });
};

/** A picture that leads to the video: mail programs play none. */
const drawVideo: Draw = (data) => {
  const [styles, properties] = [stylesOf(data), propertiesOf(data)];
  const look = { width: px(number(styles, 'width')), border: border(styles) };
  const shown = image(properties, look, number(styles, 'width') ?? number(styles, 'max_width'));
  return cell(shown, { ...around(styles), 'text-align': text(styles, 'align') ?? 'center' });
};

export const drawings: Readonly<Record<string, Draw>> = {
  button: drawButton,
  coupon: drawCoupon,
  drop_shadow: drawShadow,
  header: drawHeader,
  horizontal_rule: drawRule,
  html: drawHtml,
  image: drawImage,
  product: drawProducts,
  review: drawReview,
  social: drawSocial,
  spacer: drawSpacer,
  split: drawSplit,
  table: drawTable,
  text: drawText,
  video: drawVideo,
};
