// Pages for people who come from a message: plain, without scripts, showing nothing of the person.
import { escapeHtml } from '../../shared/kernel/html.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import { type Spoken, wordsFor } from './words/index.ts';

/** What keeps a page out of caches, indexes, referrers and frames. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
};

const style = [
  'body{font:1.125rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:32rem;padding:4rem 1rem;color:#1a1a1a;background:#fff}',
  'button{font:inherit;padding:.75rem 1.5rem;border:0;border-radius:.25rem;color:#fff;background:#1a1a1a;cursor:pointer}',
  'button:focus-visible,input:focus-visible{outline:3px solid #1a6dff;outline-offset:2px}',
  'fieldset{border:0;margin:0 0 1.5rem;padding:0}legend{font-weight:600;padding:0}',
  'label{display:flex;gap:.75rem;padding:.5rem 0;overflow-wrap:anywhere}input{flex:none;width:1.5rem;height:1.5rem;margin:0}',
].join('');

/** One paragraph under a heading; with `button`, a form that posts to the page's own address. */
export interface Page {
  status: number;
  title: string;
  text: string;
  button?: string;
}

/** The response that shows a page. All its words are escaped. */
export function show({ language }: Spoken, { status, title, text, button }: Page): HttpResponse {
  const form =
    button === undefined ? '' : `<form method="post"><button type="submit">${escapeHtml(button)}</button></form>`;
  return framed({ status, language, title }, `<p>${escapeHtml(text)}</p>${form}`);
}

/** The response that shows HTML of ours under a heading. */
export function framed(
  { status, language, title }: { status: number; language: string; title: string },
  html: string,
): HttpResponse {
  const body = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>${html}</main></body></html>
`;
  return { status, headers: { ...pageHeaders }, body };
}

/** The answer to what is no link of ours, to the letter. */
export function nowhere(request: HttpRequest): HttpResponse {
  const words = wordsFor(request);
  return show(words, { status: 404, ...words.nowhere });
}
