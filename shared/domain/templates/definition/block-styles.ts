// The long lists of styles.
import {
  type Shape,
  align,
  border,
  choice,
  flags,
  font,
  integers,
  lettering,
  numbers,
  padding,
  texts,
} from './shape.ts';

const outer: Shape = { ...texts('block_background_color'), ...padding('block') };

/** A font whose color is named after it as well: `title_font_color`. */
const colored = (prefix: string): Shape => ({ ...font(prefix), ...texts(`${prefix}font_color`) });

/** The text of one field of a product, with the space above and below. */
const field = (prefix: string): Shape => ({
  ...colored(prefix),
  ...integers(`${prefix}letter_spacing`, `${prefix}padding_bottom`, `${prefix}padding_top`),
  ...texts(`${prefix}text_decoration`),
});

export const productStyles: Shape = {
  ...outer,
  ...border('item_'),
  ...border('button_'),
  ...padding('item'),
  ...padding('button'),
  ...colored('button_'),
  ...texts('button_background_color', 'button_drop_shadow_color', 'button_text_decoration'),
  ...integers('button_border_radius', 'button_letter_spacing', 'item_max_height', 'num_columns', 'num_rows'),
  ...align('button_alignment', 'item_text_alignment'),
  ...field('description_'),
  ...field('price_'),
  ...field('rating_'),
  ...field('title_'),
  ...colored('original_price_'),
  ...texts('original_price_text_decoration'),
  ...choice(['horizontal', 'vertical-left-image', 'vertical-right-image'], 'layout'),
  ...flags('stack_on_mobile'),
};

/** The text of one part of a review. */
const remark = (prefix: string): Shape => ({ ...lettering(prefix), ...texts(`${prefix}color`) });

export const reviewStyles: Shape = {
  ...outer,
  ...border(),
  ...remark('author_'),
  ...remark('product_name_'),
  ...remark('quote_'),
  ...remark('verified_'),
  ...align('author_align', 'product_name_align', 'quote_align', 'star_alignment'),
  ...texts('empty_star_color', 'shadow_color', 'star_color', 'text_area_bg_color', 'text_area_border_color'),
  ...numbers('quote_line_height'),
  ...integers('border_radius', 'star_icon_spacing', 'verified_badge_size'),
  ...choice(['line', 'square', 'standard'], 'quote_style'),
  ...choice(['large', 'medium', 'small'], 'star_size'),
  ...choice(['circle', 'heart', 'star'], 'star_rating_shape'),
  ...choice(['dark', 'default', 'light'], 'verified_badge_color'),
  ...choice(['badge-and-text', 'badge-only', 'text-only'], 'verified_badge_style'),
  ...choice(
    [
      'big-quotes',
      'centered-in-quote-bubble',
      'centered-rating-first',
      'centered-review-first',
      'clean',
      'left-aligned',
      'message-bubble',
      'rating-highlight',
      'right-aligned-with-quotation-icon',
      'square',
      'stacked-card',
      'subtle-background',
    ],
    'layout',
  ),
};

export const tableStyles: Shape = {
  ...outer,
  ...border('block_'),
  ...border('cell_horizontal_'),
  ...border('cell_vertical_'),
  ...padding('cell'),
  ...padding('header'),
  ...colored('header_'),
  ...colored('table_'),
  ...texts('header_background_color', 'header_text_decoration', 'table_background_color'),
  ...integers('header_letter_spacing'),
  ...numbers('header_line_height'),
  ...align('table_text_align'),
  ...choice(['baseline', 'bottom', 'middle', 'top'], 'cell_vertical_align'),
  ...flags('use_legacy_mobile_padding'),
};
