// Making, changing and removing templates.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { definitionItem, removeDefinition, writeDefinition, firstVersion } from '../../storage/definitions.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf, templateBodyKey } from '../../storage/patterns.ts';
import { drawn } from './drawn.ts';
import type { Part } from './drawing/read.ts';
import { type EditorType, type Template, type TemplateBody, bodyItem, isListed, readTemplate } from './template.ts';

/** Accounts have at most this many templates. */
const mostTemplates = 1000;

/** Writes both items of a template, its file first: a crash in between leaves a file that nothing points at. */
async function write(ports: Ports, account: AccountId, template: Template): Promise<void> {
  const { editorType, html, text, amp, definition: drawn, hidden } = template;
  const parts = { ...(text !== undefined && { text }), ...(amp !== undefined && { amp }) };
  const body = { html, ...parts, ...(drawn && { definition: drawn }) };
  const { item, file } = bodyItem(account, template, body);
  if (file) await ports.files.put(file.key, file.body);
  const definition = definitionItem(account, 'template', template, {
    editor_type: editorType,
    ...(hidden && { hidden }),
  });
  await writeDefinition(ports.store, definition, [{ put: item }]);
}

/** Makes a template; refuses when the account has 1000. */
export async function createTemplate(
  ports: Ports,
  account: AccountId,
  input: TemplateBody & { name: string; editorType: EditorType },
): Promise<Template> {
  const known = (await everything(ports.store, definitionsOf(account, 'template'))).filter(isListed);
  if (known.length >= mostTemplates) {
    throw refuse('invalid', `An account has at most ${mostTemplates} templates; delete one first.`);
  }
  const template: Template = { ...input, id: ports.ids.short(), ...firstVersion(ports) };
  await untilWon(() => write(ports, account, template));
  return template;
}

/** Makes a copy that belongs to one message: it stands in no list and counts for no limit. A 404 when there is none. */
export async function copyForMessage(ports: Ports, account: AccountId, id: string): Promise<Template> {
  const original = await readTemplate(ports, account, id);
  const copy: Template = { ...original, id: ports.ids.short(), ...firstVersion(ports), hidden: true };
  await untilWon(() => write(ports, account, copy));
  return copy;
}

/** What an edit changes; what is not given stays. A null text or AMP part goes. */
export interface TemplateChange {
  name?: string;
  html?: string;
  definition?: Part;
  text?: string | null;
  amp?: string | null;
}

/** Changes a template; a 404 when there is none. Messages that are sent from now on have the new version. */
export async function updateTemplate(
  ports: Ports,
  account: AccountId,
  id: string,
  change: TemplateChange,
): Promise<Template> {
  return untilWon(async () => {
    const { text = null, amp = null, ...before } = await readTemplate(ports, account, id);
    const parts = {
      text: change.text === undefined ? text : change.text,
      amp: change.amp === undefined ? amp : change.amp,
    };
    const template: Template = {
      ...before,
      name: change.name ?? before.name,
      html: change.html ?? before.html,
      ...(change.definition && drawn(change.definition)),
      ...(parts.text !== null && { text: parts.text }),
      ...(parts.amp !== null && { amp: parts.amp }),
      version: before.version + 1,
      updated: sortable(ports.clock.now()),
    };
    const old = await ports.store.get(templateBodyKey(account, id));
    await write(ports, account, template);
    if (old?.file !== undefined) await ports.files.remove(old.file);
    return template;
  });
}

/** Removes a template; a 404 when there is none. Messages that would use it are skipped. */
export async function removeTemplate(ports: Ports, account: AccountId, id: string): Promise<void> {
  const body = templateBodyKey(account, id);
  const stored = await ports.store.get(body);
  await removeDefinition(ports.store, account, 'template', id, () => [{ remove: body }]);
  if (stored?.file !== undefined) await ports.files.remove(stored.file);
}
