// A table: texts with cards, buttons and media, and what is sent instead to phones that cannot show them.
import * as z from 'zod/mini';
import { bag, integer, list, maybe, oneOf, text, timestamp } from '../../../jsonapi/fields.ts';

const imageReference = z.strictObject({
  static_image_asset_id: maybe(integer()),
  dynamic_image_template: maybe(text()),
  rendered_asset_url: maybe(text()),
});

const image = z.strictObject({
  id: integer(),
  file_path: text(),
  name: text(),
  format: oneOf('gif', 'jpeg', 'jpg', 'png', 'webp'),
  file_size: integer(),
  updated: timestamp(),
  origin: maybe(
    oneOf(
      'ADOPTION_SMS_FORM_FROM_EMAIL_FORM',
      'ADOPTION_SMS_MULTI_STEP_FORM_FROM_EMAIL_FORM',
      'AI',
      'API',
      'APPLICATION',
      'CLONED',
      'COMPOSER',
      'COMPOSER_AI_EDITED',
      'COMPOSER_AI_GENERATED',
      'COMPOSER_USED_IN_KLAVIYO_OBJECT',
      'COMPOSER_USER_UPLOADED',
      'COMPOSER_WEB_SCRAPED',
      'INTEGRATION',
      'KLAVIYO',
      'LIBRARY',
      'MARKETING_AGENT',
      'SOCIAL_INSTAGRAM',
      'SOCIAL_INSTAGRAM_OVERLAID',
      'UI',
      'WEB_SCRAPE',
    ),
  ),
  url: text(),
  image_type: oneOf('dynamic', 'static'),
  l10n_key: maybe(text()),
});

const mediaReference = z.strictObject({
  static_asset_id: maybe(text()),
  dynamic_template: maybe(text()),
  thumbnail: z.optional(imageReference),
});

const media = z.strictObject({
  id: text(),
  company_id: text(),
  url: text(),
  media_type: z.optional(text()),
  name: text(),
  file_size: integer(),
  thumbnail_url: maybe(text()),
  l10n_key: maybe(text()),
});

const suggestions = list(
  z.strictObject({
    id: text(),
    text: text(),
    type: oneOf('OPEN_URL', 'REPLY'),
    url: maybe(text()),
    open_mode: maybe(oneOf('BROWSER', 'WEBVIEW_FULL', 'WEBVIEW_HALF', 'WEBVIEW_TALL')),
  }),
);

const card = z.strictObject({
  id: text(),
  title: maybe(text()),
  text: maybe(text()),
  extra: maybe(bag()),
  image: maybe(z.union([image, imageReference])),
  video: maybe(z.union([media, mediaReference])),
  buttons: maybe(suggestions),
});

const rich = z.strictObject({
  message: z.optional(text()),
  message_format: z.optional(z.literal('RCS')),
  rich_content: z.optional(
    z.strictObject({
      cards: maybe(list(card)),
      suggestions: maybe(suggestions),
      file: z.optional(mediaReference),
    }),
  ),
  extra: maybe(bag()),
  image: z.optional(imageReference),
});

const plain = z.strictObject({
  message: text(),
  message_format: z.optional(z.literal('SMS')),
  extra: maybe(bag()),
  image: maybe(
    z.union([
      z.strictObject({ dynamic: maybe(z.literal(false)), static_image_asset_id: integer() }),
      z.strictObject({ dynamic: z.optional(z.literal(true)), dynamic_image_template: text() }),
    ]),
  ),
  selected_image: z.optional(image),
  media: maybe(z.union([media, mediaReference])),
});

/** Best first: a phone gets the first that it can show. */
export const messageHierarchy = list(
  z.union([z.union([rich, plain]).register(z.globalRegistry, { description: 'In one format.' }), text()]),
);
