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
  const nothing = () => undefined;
  // Not the parser: it seeks each closing tag in all that are open.
  const tokenizer = new library.Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      ontext: (start, end) => {
        text += html.slice(start, end);
      },
      ...{ onattribdata: nothing, onattribend: nothing, onattribentity: nothing, onattribname: nothing },
      ...{ oncdata: nothing, onclosetag: nothing, oncomment: nothing, ondeclaration: nothing, onend: nothing },
      ...{ onopentagend: nothing, onopentagname: nothing, onprocessinginstruction: nothing },
      ...{ onselfclosingtag: nothing, ontextentity: nothing },
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return text;
}
