// Tags about the catalog, coupons, custom objects and the person's properties (behaviour 8.2).
import type { Node } from '../ast.ts';
import { failAt } from '../failure.ts';
import { accept, asName, expression, finish, options, unreadable } from '../scan.ts';
import type { Parser, Tag, TagParser } from './tag.ts';

/** `{% catalog ID integration='api' catalog_id="$default" unpublished="cancel" %}`. There is one catalog: the rest is read over. */
function parseCatalog(tag: Tag, parser: Parser): Node {
  const id = expression(tag.scanner);
  const known = ['integration', 'catalog_id', 'language', 'region', 'unpublished'] as const;
  const { unpublished } = options(tag.scanner, known);
  const { body } = parser.block(tag, 'endcatalog');
  return { kind: 'catalog', at: tag.at, id, ...(unpublished && { unpublished }), body };
}

/** Reads `as name` up to the end of the tag; it has to be there. */
function namedSo(tag: Tag, parser: Parser): string {
  const as = asName(tag.scanner);
  if (as === undefined) throw failAt(parser.source, tag.at, `The tag "${tag.name}" needs "as" and a name.`);
  finish(tag.scanner);
  return as;
}

/** `{% has_category catalog_item "sale" as x %}`. */
function parseHasCategory(tag: Tag, parser: Parser): Node {
  const [item, category] = [expression(tag.scanner), expression(tag.scanner)];
  return { kind: 'has_category', at: tag.at, item, category, as: namedSo(tag, parser) };
}

/** `{% coupon_code 'Name' %}`, `{% coupon_code 'Name' cut=8 %}`. */
function parseCoupon(tag: Tag): Node {
  const coupon = expression(tag.scanner);
  const { cut } = options(tag.scanner, ['cut']);
  return { kind: 'coupon_code', at: tag.at, coupon, ...(cut && { cut }) };
}

/** `{% barcode 'value' width=200 height=100 mode=html %}`. There is one mode: the rest is read over. */
function parseBarcode(tag: Tag): Node {
  const value = expression(tag.scanner);
  const { width, height } = options(tag.scanner, ['width', 'height', 'mode']);
  return { kind: 'barcode', at: tag.at, value, ...(width && { width }), ...(height && { height }) };
}

/** `{% update_property_link 'prop' 'value' 'https://redirect' %}`. */
function parsePropertyLink(tag: Tag): Node {
  const { scanner } = tag;
  const [property, value, target] = [expression(scanner), expression(scanner), expression(scanner)];
  finish(scanner);
  return { kind: 'update_property_link', at: tag.at, property, value, target };
}

/** `{% customobject id as x %}`. */
function parseCustomObject(tag: Tag, parser: Parser): Node {
  expression(tag.scanner);
  return { kind: 'customobject', at: tag.at, as: namedSo(tag, parser) };
}

/** `{% customobjects object_type_title="Pet" as pets %}`, up to `endcustomobjects`. */
function parseCustomObjects(tag: Tag, parser: Parser): Node {
  const { scanner } = tag;
  if (!accept(scanner, 'object_type_title') || !accept(scanner, '=')) throw unreadable(scanner);
  expression(scanner);
  const as = namedSo(tag, parser);
  return { kind: 'customobjects', at: tag.at, as, body: parser.block(tag, 'endcustomobjects').body };
}

function parseAssetUrl(tag: Tag, parser: Parser): never {
  throw failAt(parser.source, tag.at, 'The tag "asset_url" belongs to hosted pages, not to messages.');
}

export const shopTags = {
  catalog: parseCatalog,
  has_category: parseHasCategory,
  coupon_code: parseCoupon,
  barcode: parseBarcode,
  update_property_link: parsePropertyLink,
  customobject: parseCustomObject,
  customobjects: parseCustomObjects,
  asset_url: parseAssetUrl,
} as const satisfies Record<string, TagParser>;
