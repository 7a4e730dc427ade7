// Just enough of a reader of HTML for pages that close what they open.

const voids = new Set(['meta', 'input', 'base', 'br', 'hr', 'img', 'link']);

/** What is wrong with the nesting of the tags or with how attributes are written; undefined when nothing is. */
export function balanced(text: string): string | undefined {
  const open: string[] = [];
  const body = text.replace(/^<!doctype html>/i, '').replaceAll(/<style>.*?<\/style>/gs, '');
  for (const [tag, slash, name = '', attributes = ''] of body.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (slash === '/') {
      if (open.pop() !== name) return `${tag} closes something else`;
    } else {
      if (!/^(\s+[a-z-]+(="[^"<]*")?)*\s*\/?$/.test(attributes)) return `${tag} has odd attributes`;
      if (!voids.has(name)) open.push(name);
    }
  }
  if (open.length > 0) return `${open.join(' ')} stay open`;
  const rest = body.replaceAll(/<\/?[a-zA-Z][\w-]*(?:"[^"]*"|[^">])*>/g, '');
  return /[<>]|&(?!amp;|lt;|gt;|quot;|#x27;)/.exec(rest)?.[0];
}

/** The text of an attribute. */
const read = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Where links and frames lead. */
export const linksIn = (text: string): string[] =>
  [...text.matchAll(/<(?:a|iframe)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].map(([, target = '']) => read(target));

export const idsIn = (text: string): string[] => [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => read(id));
