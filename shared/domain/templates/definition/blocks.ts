// The fifteen kinds of blocks.
import * as z from 'zod/mini';
import { maybe, text } from '../../../jsonapi/fields.ts';
import { block, dynamicOr, part, repeat } from './block.ts';
import { productStyles, reviewStyles, tableStyles } from './block-styles.ts';
import {
  type Shape,
  align,
  border,
  choice,
  direction,
  flags,
  font,
  integers,
  lettering,
  numbers,
  object,
  padding,
  shownOn,
  texts,
  upright,
} from './shape.ts';

const outer: Shape = { ...texts('block_background_color'), ...padding('block') };
const stretched = flags('mobile_stretch_content');
const placed: Shape = { ...align('align'), ...flags('full_width_mobile'), ...integers('height', 'max_width', 'width') };

const buttonStyles: Shape = {
  ...outer,
  ...border(),
  ...lettering(),
  ...padding('inner'),
  ...stretched,
  ...texts('background_color', 'color'),
  ...integers('border_radius'),
  ...flags('stretch'),
  ...align('text_align'),
};

const linkTarget: Shape = { ...texts('alt_text', 'asset_id', 'href', 'src'), ...shownOn };
const tableText: Shape = {
  ...lettering(),
  ...shownOn,
  ...texts('content', 'color', 'table_column_width'),
  ...align('cell_text_align'),
};
const tableImage: Shape = {
  ...linkTarget,
  ...flags('dynamic'),
  ...texts('table_column_width', 'cropped_asset_id', 'cropped_src', 'cropping_aspect_ratio'),
  ...integers('width', 'height', 'image_width', 'cropping_height', 'cropping_width', 'cropping_x', 'cropping_y'),
  ...align('image_align', 'cell_text_align'),
};
const tableHtml: Shape = { ...texts('content'), ...shownOn };
const cells = [part('table_text', tableText), part('table_image', tableImage), part('table_html', tableHtml)];

const productShown = flags(
  ...['is_ai_generated', 'is_prebuilt_content', 'show_button', 'show_original_price', 'show_price'],
  ...['show_rating', 'show_rating_count', 'show_title', 'show_title_links'],
);
const product: Shape = { ...productShown, ...integers('item_subtype_id'), ...texts('title_placeholder') };

const languages = [
  ...(['dutch', 'english', 'french', 'german', 'hungarian'] as const),
  ...(['italian', 'japanese', 'korean', 'portuguese', 'spanish'] as const),
] as const;
const review: Shape = {
  ...flags('show_rating', 'show_reviewer_name', 'show_product_name', 'show_variant_name', 'show_verified_badge'),
  ...texts('author_placeholder', 'quote_placeholder', 'product_name_placeholder', 'product_variant_name_placeholder'),
  ...choice([...languages], 'verified_badge_language'),
};

const networks = [
  ...(['android', 'apple', 'custom', 'discord', 'email', 'facebook', 'google-plus', 'instagram', 'linkedin'] as const),
  ...(['pinterest', 'rss', 'snapchat', 'threads', 'tiktok', 'twitch', 'twitter', 'whatsapp', 'x-twitter'] as const),
  ...(['yelp', 'youtube'] as const),
] as const;

export const blocks: readonly Shape[] = [
  block('button', {
    content: z.nullable(text()),
    properties: object(texts('href')),
    styles: object({ ...buttonStyles, ...texts('drop_shadow_color') }),
  }),
  block('coupon', {
    content: text(),
    properties: object({ ...texts('coupon_id', 'coupon', 'href'), ...flags('header_enabled') }),
    styles: object({
      ...buttonStyles,
      ...padding('header'),
      ...texts('header_font_family'),
      ...integers('header_font_size'),
    }),
  }),
  block('drop_shadow', {
    styles: object({ ...outer, ...stretched, ...choice(['dark', 'light', 'medium'], 'shadow_color') }),
  }),
  block(
    'header',
    {
      styles: object({
        ...outer,
        ...border(),
        ...lettering(),
        ...padding('inner'),
        ...texts('color'),
        ...integers('border_radius', 'item_spacing', 'logo_link_spacing', 'mobile_spacing'),
        ...choice(['centered', 'inline', 'links', 'stacked'], 'desktop_layout'),
        ...choice(['inline', 'links', 'links-stacked', 'logo-stacked', 'stacked'], 'mobile_layout'),
        ...choice(['auto', 'manual'], 'item_spacing_type'),
        ...align('item_align', 'logo_align'),
        ...flags('mobile_wrap'),
        ...upright('vertical_align'),
      }),
    },
    {
      subblocks: [
        part('header_link_bar_button', {
          ...texts('background_color', 'content', 'drop_shadow_color', 'href'),
          ...shownOn,
        }),
        part('header_link_bar_image', {
          ...linkTarget,
          ...texts('background_color'),
          ...integers('height', 'max_width', 'width'),
        }),
        part('header_link_bar_logo', { ...linkTarget, ...integers('height', 'max_width', 'width') }),
      ],
    },
  ),
  block('horizontal_rule', { styles: object({ ...outer, ...border(), ...stretched }) }),
  block('html', { content: text() }, { needed: true }),
  block('image', {
    properties: dynamicOr(
      {
        ...texts('alt_text', 'asset_id', 'href', 'src'),
        cropping_properties: maybe(
          object({ ...texts('aspect_ratio', 'asset_id', 'src'), ...integers('height', 'width', 'x', 'y') }),
        ),
      },
      texts('alt_text', 'href', 'src'),
    ),
    styles: object({
      ...outer,
      ...border('block_'),
      ...padding('inner'),
      ...placed,
      ...stretched,
      ...texts('background_color'),
    }),
  }),
  block(
    'product',
    {
      properties: dynamicOr(
        { ...product, ...flags('show_description', 'localize_for_recipient'), ...texts('language', 'region') },
        { ...product, ...texts('button_text', 'feed'), ...integers('feed_offset'), ...flags('is_nbp') },
      ),
      styles: object(productStyles),
    },
    {
      subblocks: [
        part('product', {
          ...texts('product_id', 'external_id', 'button_text', 'description', 'image_url', 'link', 'name'),
          ...texts('original_price', 'price', 'currency_code', 'title', 'url'),
          ...flags('autogenerate_link'),
        }),
      ],
    },
  ),
  block('review', {
    properties: dynamicOr(
      {
        ...review,
        ...texts('author', 'product_name', 'product_variant_name', 'quote'),
        ...integers('stars'),
        ...flags('verified'),
      },
      {
        ...review,
        ...choice(
          ['high-quality-review', 'high-quality-review-or-static', 'no-review', 'recent', 'static-only'],
          'fallback_options',
        ),
        ...choice(['full', 'quote'], 'fallback_content_type'),
        ...choice(['automatic', 'manual'], 'product_selection_mode'),
        ...texts('fallback_review_id', 'product_id', 'product_event_variable'),
      },
    ),
    styles: object(reviewStyles),
  }),
  block(
    'social',
    {
      properties: object(flags('show_labels')),
      styles: object({
        ...outer,
        ...font('label_'),
        ...texts('label_color', 'label_text_decoration'),
        ...align('icon_align'),
        ...choice(['black', 'default', 'grey', 'white'], 'icon_color'),
        ...choice(['large', 'medium', 'small'], 'icon_size'),
        ...integers('icon_spacing'),
        ...flags('stack_on_mobile'),
      }),
    },
    {
      subblocks: [
        part('social_link_icon', {
          ...texts('custom_asset_id', 'custom_src', 'label', 'link_url'),
          ...integers('custom_size'),
          ...choice([...networks], 'link_type'),
        }),
        part('social_link_spacer', integers('width')),
      ],
    },
  ),
  block('spacer', { styles: object({ ...texts('background_color'), ...integers('height') }) }),
  block(
    'split',
    {
      styles: object({
        ...outer,
        ...texts('column_widths'),
        ...direction('mobile_stack_order'),
        ...integers('padding_in_between'),
      }),
    },
    { subblocks: cells },
  ),
  block(
    'table',
    {
      properties: dynamicOr(
        { ...integers('num_columns'), ...flags('show_headers') },
        {
          ...integers('num_columns'),
          ...flags('show_headers', 'show_fallback_content', 'show_static_row'),
          row_content_repeat: repeat,
        },
      ),
      styles: object(tableStyles),
    },
    {
      subblocks: [
        ...cells,
        part('table_header', tableText),
        part('table_fallback_html', tableHtml),
        part('table_fallback_image', tableImage),
        part('table_fallback_text', tableText),
      ],
    },
  ),
  block(
    'text',
    {
      content: text(),
      styles: object({
        ...outer,
        ...border('block_'),
        ...lettering(),
        ...padding('inner'),
        ...stretched,
        ...texts('background_color', 'color', 'extra_css_class'),
        ...numbers('line_height'),
        ...align('text_align'),
        ...choice(['auto', 'fixed', 'inherit', 'initial'], 'text_table_layout'),
      }),
    },
    { needed: true },
  ),
  block('video', {
    properties: object({
      ...texts('raw_asset_id', 'src_asset_id', 'alt_text', 'href', 'raw_src', 'src'),
      ...flags('overlay_toggle'),
    }),
    styles: object({
      ...outer,
      ...border(),
      ...padding('inner'),
      ...placed,
      ...stretched,
      ...texts('background_color'),
    }),
  }),
];
