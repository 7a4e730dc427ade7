export { copyForMessage } from './edit.ts';
export { TemplateError } from './language/failure.ts';
export { type RenderSettings, renderLine, renderPlain, renderTemplate } from './render-template.ts';
export { plainTemplate, templateDocument, templateOperations, templateResource } from './resources.ts';
export { type Template, findTemplate } from './template.ts';
