export { copyForMessage } from './edit.ts';
export { TemplateError } from './language/failure.ts';
export type { Lookup } from './language/lookups.ts';
export { type RenderSettings, renderLine, renderPlain, renderTemplate } from './render-template.ts';
export { inRounds } from './rounds.ts';
export { plainTemplate, templateDocument, templateOperations, templateResource } from './resources.ts';
export { type Template, findTemplate } from './template.ts';
