import type { HtmlToTextOptions } from 'html-to-text';

/** Deep enough for layouts made of tables; deeper markup is left out. */
const depth = 100;

const options: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxInputLength: 2_097_152, maxDepth: depth, ellipsis: '' },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

/** The text part of an email, made of its HTML. The library is loaded on first use: most functions never need it. */
export async function plainTextOf(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  return convert(html, options);
}
