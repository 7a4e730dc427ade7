// Templates that travel to another account, with the universal content that they show.
import * as z from 'zod/mini';
import { list, maybe, text } from '../../jsonapi/fields.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { definitionsWith } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import { templateDefinition } from './definition/index.ts';
import { drawnBlocks } from './definition/universal.ts';
import { marks } from './drawing/draw.ts';
import { largestHtml } from './drawn.ts';
import { createTemplate } from './edit.ts';
import { contentOf } from './requested.ts';
import { type Template, storedTemplate } from './template.ts';
import { createUniversal, universalOf } from './universal.ts';

const content = text({ max: largestHtml });
const name = text({ min: 1, max: 255 });

/** Templates and universal content under the ids that they have where they come from. */
export const portableTemplates = {
  templates: list(
    z.strictObject({
      id: text({ min: 1, max: 100 }),
      name,
      editor_type: text(),
      html: maybe(content),
      definition: z.optional(templateDefinition),
      text: maybe(content),
      amp: maybe(content),
    }),
    { max: 200 },
  ),
  universal_content: list(z.strictObject({ id: text({ min: 1, max: 100 }), name, definition: drawnBlocks }), {
    max: 200,
  }),
} as const;

/** What travels. */
export interface PortableTemplates {
  templates: z.infer<typeof portableTemplates.templates>;
  universal_content: z.infer<typeof portableTemplates.universal_content>;
}

/** The templates that there are of these ids, as they travel. */
export async function exportTemplates(
  ports: Ports,
  account: AccountId,
  ids: readonly string[],
): Promise<PortableTemplates> {
  const stored = await Promise.all([...new Set(ids)].map((id) => storedTemplate(ports, account, id)));
  const templates = stored.filter((one) => one !== undefined);
  const pieces = [...new Set(templates.flatMap(({ html }) => [...html.matchAll(marks)].map(([, id = '']) => id)))];
  const universal = await definitionsWith(ports.store, account, 'universal-content', pieces);
  return {
    templates: templates.map(portable),
    universal_content: universal.map((item) => ({
      id: item.id,
      name: item.name,
      // It was of this form when it was written.
      definition: universalOf(item) as z.infer<typeof drawnBlocks>,
    })),
  };
}

function portable({ id, name: called, editorType, html, definition, text: plain, amp }: Template) {
  return {
    ...{ id, name: called, editor_type: editorType },
    // The HTML of a definition is drawn where it arrives.
    ...(definition ? { definition: definition as z.infer<typeof templateDefinition> } : { html }),
    ...(plain !== undefined && { text: plain }),
    ...(amp !== undefined && { amp }),
  };
}

/**
 * Makes the templates in another account; answers their new ids by the old ones. Universal content that is there already,
 * by the same name and to the letter, is shown instead of a copy. Refuses templates at `pointer` that are none.
 */
export async function importTemplates(
  ports: Ports,
  account: AccountId,
  { templates, universal_content: universal }: PortableTemplates,
  pointer: string,
): Promise<Map<string, string>> {
  // Refused before anything is made.
  templates.forEach((one, index) => contentOf(one.editor_type, one, `${pointer}/templates/${index}`));
  const pieces = await importUniversal(ports, account, universal);
  const made = new Map<string, string>();
  for (const [index, one] of templates.entries()) {
    const { name: called, editor_type: editor, text: plain, amp, ...rest } = showing(one, pieces);
    const template = await createTemplate(ports, account, {
      name: called,
      ...contentOf(editor, rest, `${pointer}/templates/${index}`),
      ...(typeof plain === 'string' && { text: plain }),
      ...(typeof amp === 'string' && { amp }),
    });
    made.set(one.id, template.id);
  }
  return made;
}

/** The template with the pieces that it shows under their new ids, wherever it names them. */
function showing<T extends PortableTemplates['templates'][number]>(
  template: T,
  pieces: ReadonlyMap<string, string>,
): T {
  const { html, definition } = template;
  const marked = html?.replaceAll(marks, (mark, id: string) => mark.replace(id, pieces.get(id) ?? id));
  const named = definition && renamed(definition, pieces);
  return { ...template, ...(marked !== undefined && { html: marked }), ...(named && { definition: named }) };
}

const renamed = <T>(definition: T, pieces: ReadonlyMap<string, string>): T =>
  JSON.parse(JSON.stringify(definition), (key, value: unknown) =>
    key === 'universal_id' && typeof value === 'string' ? (pieces.get(value) ?? value) : value,
  ) as T;

async function importUniversal(ports: Ports, account: AccountId, pieces: PortableTemplates['universal_content']) {
  if (pieces.length === 0) return new Map<string, string>();
  const there = await everything(ports.store, definitionsOf(account, 'universal-content'));
  const made = new Map<string, string>();
  for (const { id, name: called, definition } of pieces) {
    const same = ({ name: other, ...item }: DefinitionItem) =>
      other === called && JSON.stringify(universalOf({ name: other, ...item })) === JSON.stringify(definition);
    const piece = there.find(same) ?? (await createUniversal(ports, account, { name: called, definition: definition }));
    made.set(id, piece.id);
  }
  return made;
}
