// What a caller may say of a template, as its editor asks for it.
import { refuse } from '../../kernel/errors.ts';
import type { Part } from './drawing/read.ts';
import { drawn } from './drawn.ts';
import { type EditorType, type Template, editorTypes } from './template.ts';

const place = '/data/attributes';

/** The HTML of a new template at `pointer`, as it is written or as it is drawn: which of the two, its editor says. */
export function contentOf(
  wanted: string,
  { html: written, definition }: { html?: string | null | undefined; definition?: unknown },
  pointer = place,
): Pick<Template, 'editorType' | 'html' | 'definition'> {
  const editorType = editorTypes.find((one) => one === wanted);
  if (editorType === undefined) {
    throw refuse('invalid', `The editor_type is one of ${editorTypes.join(', ')}.`, `${pointer}/editor_type`);
  }
  if (editorType !== 'SYSTEM_DRAGGABLE') {
    refuseDefinition(editorType, definition, pointer);
    return { editorType, html: written ?? '' };
  }
  refuseHtml(editorType, written, pointer);
  if (!definition) throw refuse('missing', `A template of ${wanted} has a definition.`, `${pointer}/definition`);
  return { editorType, ...drawn(definition as Part) };
}

/** Only templates of SYSTEM_DRAGGABLE have a definition. */
export function refuseDefinition(editorType: EditorType, definition: unknown, pointer = place): void {
  if (definition === undefined || definition === null) return;
  throw refuse('not_allowed', `A template of ${editorType} has no definition.`, `${pointer}/definition`);
}

/** Where there is a definition nobody writes the HTML. */
export function refuseHtml(editorType: EditorType, written: unknown, pointer = place): void {
  if (written === undefined || written === null) return;
  throw refuse('not_allowed', `The HTML of a template of ${editorType} is made of its definition.`, `${pointer}/html`);
}
