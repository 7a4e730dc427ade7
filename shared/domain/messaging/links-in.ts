// Links in HTML that somebody else wrote: where their addresses stand, so that they can be exchanged and every other
// letter stays. Read by a tokenizer of HTML; what stands in comments (as for Outlook alone) is left as it is.
import { QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { escapeHtml } from '../../kernel/html.ts';

/** A link that leads somewhere. */
interface Link {
  /** Its address, entities resolved. */
  url: string;
  /** The text of the first picture in it. */
  alt?: string;
  /** Where the value of the attribute stands, without quotes. */
  from: number;
  to: number;
  quoted: boolean;
}

const linking = new Set(['a', 'area']);
const marks: { readonly [Quote in QuoteType]?: string } = { [QuoteType.Double]: '"', [QuoteType.Single]: "'" };

/** The links of a text of HTML, in their order. */
function linksIn(html: string): Link[] {
  const links: Link[] = [];
  let [tag, name, value, first] = ['', '', '', -1];
  let inside: Link | undefined;
  const nothing = () => undefined;
  const callbacks: TokenizerCallbacks = {
    onopentagname(start, end) {
      tag = html.slice(start, end).toLowerCase();
      if (tag === 'a') inside = undefined;
    },
    onattribname(start, end) {
      name = html.slice(start, end).toLowerCase();
      [value, first] = ['', -1];
    },
    onattribdata(start, end) {
      if (value === '') first = start;
      value += html.slice(start, end);
    },
    onattribentity: (codepoint) => {
      value += String.fromCodePoint(codepoint);
    },
    onattribend(quote, end) {
      if (quote === QuoteType.NoValue) return;
      if (name === 'href' && linking.has(tag)) {
        const mark = marks[quote];
        // The end lies behind the closing mark; neither kind of mark can hold itself.
        const to = mark === undefined ? end : end - 1;
        const from = mark === undefined ? first : html.lastIndexOf(mark, to - 1) + 1;
        // Where an unquoted value begins that an entity begins with is not told.
        if (from < 0) return;
        inside = { url: value, from, to, quoted: mark !== undefined };
        links.push(inside);
      } else if (name === 'alt' && tag === 'img' && inside && inside.alt === undefined) inside.alt = value;
    },
    onclosetag(start, end) {
      if (html.slice(start, end).toLowerCase() === 'a') inside = undefined;
    },
    oncdata: nothing,
    oncomment: nothing,
    ondeclaration: nothing,
    onend: nothing,
    onopentagend: nothing,
    onprocessinginstruction: nothing,
    onselfclosingtag: nothing,
    ontext: nothing,
    ontextentity: nothing,
  };
  const tokenizer = new Tokenizer({ decodeEntities: true, xmlMode: false }, callbacks);
  tokenizer.write(html);
  tokenizer.end();
  return links;
}

/** The HTML with the address of each link exchanged for what `exchange` answers; undefined leaves it. */
export function exchangeLinks(html: string, exchange: (link: Pick<Link, 'url' | 'alt'>) => string | undefined): string {
  let done = 0;
  let text = '';
  for (const link of linksIn(html)) {
    const address = exchange(link);
    if (address === undefined) continue;
    const written = escapeHtml(address);
    text += html.slice(done, link.from) + (link.quoted ? written : `"${written}"`);
    done = link.to;
  }
  return text + html.slice(done);
}
