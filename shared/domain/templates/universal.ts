// Universal content: blocks that many templates show. What changes here changes in all of them, at the next message.
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import {
  changeDefinition,
  createDefinition,
  definitionItem,
  smallDefinition,
  firstVersion,
} from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import type { Part } from './drawing/read.ts';

/** The block of a piece of universal content. */
export const universalOf = ({ data }: DefinitionItem): Part => (JSON.parse(data) as { definition: Part }).definition;

/** Makes a piece; 413 when its definition has more than 100 KB. */
export async function createUniversal(
  ports: Ports,
  account: AccountId,
  { name, definition }: { name: string; definition: Part },
): Promise<DefinitionItem> {
  const outline = { id: ports.ids.ulid(), name, ...firstVersion(ports) };
  const item = smallDefinition(definitionItem(account, 'universal-content', outline, { definition }));
  await createDefinition(ports.store, item);
  return item;
}

/** Changes what is given; a 404 when there is none. */
export function updateUniversal(
  ports: Ports,
  account: AccountId,
  id: string,
  told: { name?: string | null | undefined; definition?: Part | null | undefined },
): Promise<DefinitionItem> {
  return changeDefinition(
    ports,
    { account, kind: 'universal-content', id },
    (before) => ({
      name: told.name ?? before.name,
      data: { definition: told.definition ?? universalOf(before) },
    }),
    smallDefinition,
  );
}

/** As the API shows it. No pictures are taken of it. */
export function universalDocument(item: DefinitionItem): Resource {
  const { id, name, created, updated } = item;
  return {
    type: 'template-universal-content',
    id,
    attributes: {
      name,
      definition: universalOf(item),
      created: isoOf(created),
      updated: isoOf(updated),
      screenshot_status: 'never_generated',
      screenshot_url: '',
    },
  };
}
