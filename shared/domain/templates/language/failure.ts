/** What is wrong with a template, or what stopped its rendering, and where. Lines and columns count from 1. */
export class TemplateError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = 'TemplateError';
    this.line = line;
    this.column = column;
  }
}

/** The error of a place in a template's text. */
export function failAt(source: string, offset: number, message: string): TemplateError {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return new TemplateError(message, line, offset - before.lastIndexOf('\n'));
}
