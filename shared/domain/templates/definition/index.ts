// The drag-and-drop definition of a template, as the API describes it.
import * as z from 'zod/mini';
import { list, maybe } from '../../../jsonapi/fields.ts';
import { displayOptions } from './block.ts';
import { blocks } from './blocks.ts';
import {
  type Shape,
  align,
  background,
  border,
  choice,
  direction,
  flags,
  integers,
  lettering,
  numbers,
  object,
  oneOfObjects,
  padding,
  someOf,
  texts,
  upright,
} from './shape.ts';

const column = object({
  ...texts('id', 'data_id'),
  data: z.optional(z.looseObject({})),
  blocks: someOf(oneOfObjects(blocks)),
});

const columnLayouts = [
  ...(['1-column-full-width', '2-columns-25%-75%', '2-columns-33%-67%', '2-columns-67%-33%'] as const),
  ...(['2-columns-75%-25%', '2-columns-equal-width', '3-columns-25%-25%-50%', '3-columns-25%-50%-25%'] as const),
  ...(['3-columns-50%-25%-25%', '3-columns-equal-width', '4-columns-equal-width'] as const),
] as const;

const row = object({
  ...texts('id', 'data_id'),
  data: object({ styles: object(choice([...columnLayouts], 'column_layout')) }),
  columns: someOf(column),
});

const section = object({
  ...texts('id', 'data_id', 'universal_id'),
  content_type: z.literal('section'),
  type: z.literal('section'),
  data: object({
    properties: object(flags('is_ai_generated', 'is_prebuilt_content')),
    display_options: displayOptions,
    styles: object({
      ...background,
      ...border(),
      ...padding('inner'),
      ...texts('background_color', 'content_color'),
      ...flags('background_image_full_width', 'stack_on_mobile'),
      ...upright('column_align'),
      ...direction('column_direction'),
      ...choice(['none', 'section', 'template'], 'content_color_type'),
    }),
  }),
  rows: someOf(row),
});

const style = (type: string, styles: Shape, properties?: Shape): Shape => ({
  ...texts('id'),
  style_type: z.literal(type),
  ...(properties && { properties: object(properties) }),
  styles: object(styles),
});

const copy: Shape = {
  ...lettering(),
  ...texts('color'),
  ...numbers('line_height', 'mobile_line_height'),
  ...integers('mobile_font_size'),
  ...align('text_align'),
};
const heading: Shape = { ...copy, ...integers('margin_bottom') };

const styles: readonly Shape[] = [
  style(
    'base-styles',
    {
      ...background,
      ...border(),
      ...padding('inner'),
      ...texts('content_background_color'),
      ...integers('border_radius', 'margin_top'),
    },
    {
      ...texts('currency'),
      ...flags('currency_set_on_template', 'disable_websafe_fonts', 'is_user_draggable'),
      ...flags('mobile_optimizations', 'tip_tap_enabled'),
    },
  ),
  style('text-styles', copy),
  ...[1, 2, 3, 4].map((level) => style(`heading-${level}-styles`, heading)),
  style('link-styles', {
    ...texts('color', 'font_weight', 'text_decoration'),
    ...choice(['italic', 'normal'], 'font_style'),
  }),
  style(
    'mobile-styles',
    {
      ...integers('mobile_block_padding_left', 'mobile_block_padding_right'),
      ...padding('mobile'),
      ...integers('mobile_margin'),
    },
    {
      ...flags('mobile_padding_override'),
    },
  ),
];

/** A definition: accepted in its shape, refused in its use, until its editor exists. */
export const templateDefinition = object({
  ...texts('id', 'template_id'),
  body: object({
    ...texts('id'),
    properties: object(texts('id', 'css_class')),
    styles: object({ ...texts('background_color'), ...integers('width') }),
    sections: someOf(section),
  }),
  styles: list(oneOfObjects(styles)),
});

export const someDefinition = maybe(templateDefinition);
