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

/** Compiled once: reading the selectors anew for each message took two thirds of the time of making it. */
let compiled: Promise<(html: string) => string> | undefined;

/** What makes the text part of an email of its HTML. The library is loaded on first use: most functions never need it. */
export function plainTextMaker(): Promise<(html: string) => string> {
  compiled ??= import('html-to-text').then(({ compile }) => compile(options));
  return compiled;
}

/** Elements inside elements, at most, in HTML that is read: its readers seek each closing tag in all that are open. */
export const deepestElements = 500;

/** Products of opening and closing tags up to this cost a reader of HTML no time that matters, however they are nested. */
const harmless = 25_000_000;
/** HTML of so many characters cannot hold more: `<b>` and `</b>` are the shortest. */
const short = 34_000;

/** Whether HTML is nested so deep that reading it costs more than a message may: each closing tag is sought in all open ones. */
export async function isTooDeep(html: string): Promise<boolean> {
  if (html.length <= short) return false;
  const closing = html.split('</').length;
  if (closing * html.split('<').length <= harmless) return false;
  const { Parser } = await import('htmlparser2');
  let depth = 0;
  const parser = new Parser({
    onopentag() {
      depth += 1;
      if (depth > deepestElements) parser.pause();
    },
    onclosetag() {
      depth -= 1;
    },
  });
  parser.write(html);
  return depth > deepestElements;
}
