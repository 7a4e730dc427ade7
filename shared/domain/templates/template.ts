// Templates as the rest of the system sees them, and where they lie.
import { notFound } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { DefinitionItem, TemplateBodyItem } from '../../storage/items.ts';
import { definitionKey, templateBodyKey } from '../../storage/patterns.ts';
import type { Part } from './drawing/read.ts';

/** What a template says. */
export interface TemplateBody {
  html: string;
  /** The author's own text part; without one it is made of the HTML. */
  text?: string;
  amp?: string;
  /** What the HTML was drawn from, if it was. */
  definition?: Part;
}

/** The editors: of HTML as the author wrote it, and of a definition that HTML is drawn from. */
export const editorTypes = ['CODE', 'SIMPLE', 'SYSTEM_DRAGGABLE', 'USER_DRAGGABLE'] as const;
export type EditorType = (typeof editorTypes)[number];

export interface Template extends TemplateBody {
  id: string;
  name: string;
  editorType: EditorType;
  version: number;
  /** `sortable`. */
  created: string;
  updated: string;
  /** Belongs to one message and stands in no list. */
  hidden?: true;
}

/** Bodies up to this many bytes lie in the table, larger ones in a file. */
const largestInline = 200_000;

/** The item of a body; the file that must be put first when it is too large for one. */
export function bodyItem(
  account: AccountId,
  { id, version }: Pick<Template, 'id' | 'version'>,
  body: TemplateBody,
): { item: TemplateBodyItem; file?: { key: string; body: string } } {
  const json = JSON.stringify(body);
  const item = { ...templateBodyKey(account, id), kind: 'template-body' as const, version };
  if (Buffer.byteLength(json) <= largestInline) return { item: { ...item, body: json } };
  const key = `${account}/templates/${id}/${version}`;
  return { item: { ...item, file: key }, file: { key, body: json } };
}

/** What a body item holds; undefined when its file is gone because a later version took its place. */
async function bodyOf(ports: Pick<Ports, 'files'>, item: TemplateBodyItem): Promise<TemplateBody | undefined> {
  const json = item.body ?? (item.file === undefined ? undefined : await ports.files.get(item.file));
  return json === undefined ? undefined : (JSON.parse(json) as TemplateBody);
}

/** True for a template that stands in lists, false for the copy that belongs to a message. */
export const isListed = ({ data }: DefinitionItem): boolean => !(JSON.parse(data) as { hidden?: true }).hidden;

/** A template with its body; undefined when there is none. */
export function templateOf(item: DefinitionItem, body: TemplateBody): Template {
  const { id, name, version, created, updated, data } = item;
  const { editor_type: editorType, hidden } = JSON.parse(data) as { editor_type: EditorType; hidden?: true };
  return { id, name, editorType, version, created, updated, ...(hidden && { hidden }), ...body };
}

/** The template as it is stored, or undefined when there is none. */
export async function storedTemplate(
  ports: Pick<Ports, 'store' | 'files'>,
  account: AccountId,
  id: string,
): Promise<Template | undefined> {
  for (;;) {
    const [item, stored] = await Promise.all([
      ports.store.get(definitionKey(account, 'template', id)),
      ports.store.get(templateBodyKey(account, id)),
    ]);
    if (!item || !stored) return undefined;
    const body = await bodyOf(ports, stored);
    if (body) return templateOf(item, body);
    // Edited between the two reads: the item now points elsewhere, or the file is lost for good.
    const again = await ports.store.get(templateBodyKey(account, id));
    if (again?.file === stored.file) throw new Error(`The body of template ${id} is lost.`);
  }
}

/** The template as it is stored, or a 404. */
export async function readTemplate(
  ports: Pick<Ports, 'store' | 'files'>,
  account: AccountId,
  id: string,
): Promise<Template> {
  const template = await storedTemplate(ports, account, id);
  if (!template) throw notFound('template', id);
  return template;
}
