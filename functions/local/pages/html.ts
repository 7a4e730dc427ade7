// HTML by template literals: everything that is put in is text, unless it was made here.
import { escapeHtml } from '../../../shared/kernel/html.ts';

/** HTML that is safe to put into a page. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | undefined | readonly Html[];

/** Makes HTML; texts among the parts are escaped, undefined is nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, i) => text + written(parts[i])).join('') };
}

function written(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map((one) => one.html).join('');
}

/** A name that somebody chose, shut off so that its direction of writing reaches nothing around it. */
export const name = (text: string): Html => html`<bdi>${text}</bdi>`;

/** A link whose words somebody chose. */
export const link = (href: string, words: string): Html => html`<a href="${href}">${name(words)}</a>`;

/** Marks that turn the direction of what follows: shown by their numbers. */
const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A JSON value over several lines. */
export function json(value: unknown): Html {
  const text = JSON.stringify(value, null, 2);
  return html`<pre>${text.replace(turning, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`)}</pre>`;
}
