// The words that the parts of a drag-and-drop definition are made of. Every field may be absent or null.
import * as z from 'zod/mini';
import { anyOf, flag, integer, list, maybe, number, oneOf, text } from '../../../jsonapi/fields.ts';

export type Shape = Readonly<Record<string, z.ZodMiniType>>;

const each = (schema: z.ZodMiniType, names: readonly string[]): Shape =>
  Object.fromEntries(names.map((name) => [name, schema]));

const someText = maybe(text());
const someInteger = maybe(integer());
const someNumber = maybe(number());
const someFlag = maybe(flag());

export const texts = (...names: string[]): Shape => each(someText, names);
export const integers = (...names: string[]): Shape => each(someInteger, names);
export const numbers = (...names: string[]): Shape => each(someNumber, names);
export const flags = (...names: string[]): Shape => each(someFlag, names);
export const choice = (values: readonly [string, ...string[]], ...names: string[]): Shape =>
  each(maybe(oneOf(...values)), names);

export const align = (...names: string[]): Shape => choice(['center', 'left', 'right'], ...names);
export const upright = (...names: string[]): Shape => choice(['baseline', 'bottom', 'middle', 'top'], ...names);
export const direction = (...names: string[]): Shape => choice(['ltr', 'no-stack', 'rtl'], ...names);
export const shownOn: Shape = choice(['all', 'desktop', 'mobile'], 'show_on');

/** Four sides: `inner_padding_bottom`, and so on. */
export const padding = (name: string): Shape =>
  integers(...['bottom', 'left', 'right', 'top'].map((side) => `${name}_padding_${side}`));

const lines = ['dashed', 'dotted', 'groove', 'inset', 'none', 'outset', 'ridge', 'solid'] as const;

/** `border_color`, `border_style`, `border_width`, with a prefix. */
export const border = (prefix = ''): Shape => ({
  ...texts(`${prefix}border_color`),
  ...choice(lines, `${prefix}border_style`),
  ...integers(`${prefix}border_width`),
});

/** Family, size, style and weight of a font, with a prefix. */
export const font = (prefix = ''): Shape => ({
  ...texts(`${prefix}font_family`, `${prefix}font_weight`),
  ...integers(`${prefix}font_size`),
  ...choice(['italic', 'normal'], `${prefix}font_style`),
});

/** A font with its letter spacing and decoration. */
export const lettering = (prefix = ''): Shape => ({
  ...font(prefix),
  ...integers(`${prefix}letter_spacing`),
  ...texts(`${prefix}text_decoration`),
});

export const background: Shape = {
  ...texts('background_asset_id', 'background_url'),
  ...choice(['auto', 'contain', 'cover', 'initial', 'repeat'], 'background_format'),
  ...choice(
    [
      'center-bottom',
      'center-center',
      'center-top',
      'left-bottom',
      'left-center',
      'left-top',
      'right-bottom',
      'right-center',
      'right-top',
    ],
    'background_position',
  ),
  ...flags('background_repeat'),
};

export const object = (shape: Shape) => z.strictObject(shape);

/** Alternatives of which each says in full what it is; one alternative is none. */
export function oneOfObjects(shapes: readonly Shape[]): z.ZodMiniType {
  return anyOf(...shapes.map(object));
}

export const someOf = (schema: z.ZodMiniType) => maybe(list(schema));
