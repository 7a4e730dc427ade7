// The blocks of universal content, as the API describes them: shorter than those inside of templates.
import * as z from 'zod/mini';
import { anyOf, flag, integer, maybe, number, oneOf, text } from '../../../jsonapi/fields.ts';
import { align, border, choice, flags, lettering, numbers, padding, texts } from './shape.ts';

const displayOptions = z.strictObject({
  show_on: maybe(oneOf('all', 'desktop', 'mobile')),
  visible_check: maybe(text()),
  content_repeat: z.optional(z.strictObject({ repeat_for: text(), item_alias: text() })),
});

const block = <Data extends z.ZodMiniType>(type: string, data: Data) =>
  z.strictObject({ content_type: z.literal('block'), type: z.literal(type), data });

const anything = z.nullable(z.unknown());
const scalar = z.nullable(anyOf(integer(), number(), text(), flag()));

const html = block('html', z.strictObject({ content: text(), display_options: displayOptions }));
const written = block(
  'text',
  z.strictObject({
    content: text(),
    display_options: displayOptions,
    styles: z.strictObject({
      ...texts('background_color', 'block_background_color', 'color', 'extra_css_class'),
      ...border('block_'),
      ...padding('block'),
      ...padding('inner'),
      ...lettering(),
      ...numbers('line_height'),
      ...flags('mobile_stretch_content'),
      ...align('text_align'),
      ...choice(['auto', 'fixed', 'inherit', 'initial'], 'text_table_layout'),
    }),
  }),
);

/** The blocks that universal content can be made of. */
export const drawnBlocks = anyOf(
  block('button', anything),
  block('drop_shadow', anything),
  block('horizontal_rule', anything),
  html,
  block('image', anything),
  block('spacer', anything),
  written,
);

/** All blocks that may be shown. */
export const shownBlocks = anyOf(
  block('button', anything),
  block('coupon', scalar),
  block('drop_shadow', anything),
  block('header', scalar),
  block('horizontal_rule', anything),
  html,
  block('image', anything),
  block('product', scalar),
  block('review', scalar),
  block('social', scalar),
  block('spacer', anything),
  block('split', scalar),
  block('table', scalar),
  written,
  block('unsupported', scalar),
  block('video', scalar),
  z.strictObject({
    content_type: z.literal('section'),
    type: z.literal('section'),
    data: z.optional(anything),
  }),
);
