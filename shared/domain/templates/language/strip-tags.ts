// What HTML says without its tags. The library is loaded when a template needs it; most never do.
let library: typeof import('htmlparser2') | undefined;

/** To be awaited before a template with this source is rendered. */
export async function prepareFor(source: string): Promise<void> {
  if (/strip_?(html|tags)/.test(source)) library ??= await import('htmlparser2');
}

/** The text of HTML as it stands between the tags, entities as they are written; comments are left out. */
export function withoutTags(html: string): string {
  if (!library) throw new Error('prepareFor was not called for a template that strips tags.');
  let text = '';
  const parser = new library.Parser({ ontext: (part) => (text += part) }, { decodeEntities: false });
  parser.end(html);
  return text;
}
