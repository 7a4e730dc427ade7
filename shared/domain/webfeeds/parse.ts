// What a server answers as a value that templates can show.

/** Elements inside elements, at most. */
const deepest = 50;
/** Elements in all. */
const most = 50_000;

/** The value of a JSON or XML text. Throws when it is none. */
export async function parsed(text: string, type: 'json' | 'xml'): Promise<unknown> {
  return type === 'json' ? (JSON.parse(text.replace(/^\ufeff/, '')) as unknown) : ofXml(text);
}

interface Element {
  name: string;
  members: Map<string, unknown[]>;
  text: string;
}

/**
 * XML as lists and bags: attributes and children by their names (of several with one name, a list), an element without
 * any as its text. Nothing is looked up outside of the text, and only the five entities of XML itself are known.
 */
async function ofXml(xml: string): Promise<unknown> {
  const { Parser } = await import('htmlparser2');
  const open: Element[] = [{ name: '', members: new Map(), text: '' }];
  let count = 0;
  const into = (name: string, value: unknown) => {
    const { members } = open.at(-1) ?? { members: new Map<string, unknown[]>() };
    const known = members.get(name);
    if (known) known.push(value);
    else members.set(name, [value]);
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        count += 1;
        if (count > most || open.length > deepest) throw new Error('The XML is too large.');
        open.push({
          name,
          members: new Map(Object.entries(attributes).map(([key, value]) => [key, [value]])),
          text: '',
        });
      },
      ontext(part) {
        const element = open.at(-1);
        if (element) element.text += part;
      },
      onclosetag(_, implied) {
        const element = open.pop();
        if (implied || !element) throw new Error('An element of the XML is not closed.');
        into(element.name, valueOf(element));
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  const [root] = open;
  if (!root || open.length !== 1 || root.members.size !== 1) throw new Error('The text is no XML document.');
  return valueOf(root);
}

function valueOf({ members, text }: Element): unknown {
  if (members.size === 0) return text.trim();
  const bag: Record<string, unknown> = {};
  for (const [name, values] of members) {
    const value = values.length === 1 ? values[0] : values;
    Object.defineProperty(bag, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return bag;
}
