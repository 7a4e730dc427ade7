// The kinds of blocks of a definition, drawn. The blocks of a column are rows of its table.
import type { Draw } from './look.ts';
import {
  drawButton,
  drawCoupon,
  drawHtml,
  drawImage,
  drawRule,
  drawShadow,
  drawSpacer,
  drawText,
  drawVideo,
} from './plain-blocks.ts';
import { drawHeader, drawSocial, drawSplit, drawTable } from './row-blocks.ts';
import { drawProducts, drawReview } from './shop-blocks.ts';

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
