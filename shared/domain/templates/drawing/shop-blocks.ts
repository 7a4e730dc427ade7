// Blocks of what a shop sells, and of what is said of it.
import { groupsOf } from '../../../kernel/groups.ts';
import { type Draw, around, button, propertiesOf, stylesOf } from './look.ts';
import { attribute, border, cell, image, lettering, linked, padding, style, table } from './markup.ts';
import { type Part, number, parts, text } from './read.ts';

/** Products as they were chosen. */
export const drawProducts: Draw = (data, block) => {
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
export const drawReview: Draw = (data) => {
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
