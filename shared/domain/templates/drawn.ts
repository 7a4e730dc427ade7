import { refuse } from '../../kernel/errors.ts';
import { drawDefinition } from './drawing/draw.ts';
import { type Part, part, parts, text } from './drawing/read.ts';

/** The largest HTML of a template, in UTF-16 units: what fits a message with room to spare. */
export const largestHtml = 1_048_576;

const pointer = '/data/attributes/definition';

/** A definition with the HTML that is drawn from it. Refuses blocks that choose what they show by themselves. */
export function drawn(definition: Part): { html: string; definition: Part } {
  for (const block of blocksOf(definition)) {
    if (part(part(block, 'data'), 'properties')['dynamic'] !== true) continue;
    const type = text(block, 'type') ?? '';
    if (type !== 'product' && type !== 'review') continue;
    throw refuse('not_allowed', `Blocks of the type ${type} that choose what they show are not built.`, pointer);
  }
  const html = drawDefinition(definition);
  if (html.length <= largestHtml) return { html, definition };
  throw refuse('payload_too_large', `The HTML of a definition has at most ${largestHtml} characters.`, pointer);
}

function blocksOf(definition: Part): Part[] {
  const rows = parts(part(definition, 'body'), 'sections').flatMap((section) => parts(section, 'rows'));
  return rows.flatMap((row) => parts(row, 'columns')).flatMap((column) => parts(column, 'blocks'));
}
