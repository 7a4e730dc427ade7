export { TemplateError } from './language/failure.ts';
export { type RenderSettings, type RenderedTemplate, renderLine, renderTemplate } from './render-template.ts';
export { templateDocument, templateOperations, templateResource } from './resources.ts';
export { type Template, type TemplateBody, findTemplate, readTemplate } from './template.ts';
