// Templates with the universal content that they show, as it is at the moment.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { definitionsWith } from '../../storage/definitions.ts';
import { drawBlock, marks } from './drawing/draw.ts';
import { type Template, storedTemplate } from './template.ts';
import { universalOf } from './universal.ts';

/** A template shows at most this many pieces of universal content; further ones stay empty. */
const mostPieces = 50;

/** The template with its universal content in place. */
export async function filled(ports: Pick<Ports, 'store'>, account: AccountId, template: Template): Promise<Template> {
  const ids = [...new Set([...template.html.matchAll(marks)].map(([, id = '']) => id))].slice(0, mostPieces);
  if (ids.length === 0) return template;
  const items = await definitionsWith(ports.store, account, 'universal-content', ids);
  const drawn = new Map(items.map((item) => [item.id, drawBlock(universalOf(item))]));
  return { ...template, html: template.html.replaceAll(marks, (_, id: string) => drawn.get(id) ?? '') };
}

/** The template as it is sent now, or undefined when there is none. */
export async function findTemplate(
  ports: Pick<Ports, 'store' | 'files'>,
  account: AccountId,
  id: string,
): Promise<Template | undefined> {
  const template = await storedTemplate(ports, account, id);
  return template && filled(ports, account, template);
}
