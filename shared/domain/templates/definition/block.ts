// What all blocks have in common.
import * as z from 'zod/mini';
import { maybe, text } from '../../../jsonapi/fields.ts';
import { type Shape, flags, object, oneOfObjects, shownOn, someOf, texts } from './shape.ts';

/** Repeats for each element of a list. */
export const repeat = maybe(object({ repeat_for: text(), item_alias: text() }));

/** Where and for whom a section or block shows. */
export const displayOptions = object({
  ...shownOn,
  ...texts('layout_type'),
  content_repeat: z.optional(object({ repeat_for: text(), item_alias: text() })),
  visibility: z.optional(object({ ...texts('check', 'definition'), ...flags('is_code_only') })),
  layout_config: maybe(z.looseObject({})),
});

/** A block: `data` may be null unless it is `needed`; some have blocks inside. */
export function block(type: string, data: Shape, more: { needed?: true; subblocks?: readonly Shape[] } = {}): Shape {
  const filled = object({ ...data, display_options: displayOptions });
  return {
    ...texts('id', 'data_id', 'universal_id'),
    content_type: z.literal('block'),
    type: z.literal(type),
    data: more.needed ? filled : z.nullable(filled),
    ...(more.subblocks && { subblocks: someOf(oneOfObjects(more.subblocks)) }),
  };
}

/** A part of a block. */
export const part = (type: string, fields: Shape): Shape => ({ ...texts('id'), type: z.literal(type), ...fields });

/** Data that says whether it is filled by the recipient's own. */
export const dynamicOr = (fixed: Shape, changing: Shape) =>
  oneOfObjects([
    { dynamic: z.nullable(z.literal(false)), ...fixed },
    { dynamic: z.literal(true), ...changing },
  ]);
