// XML as lists and bags, read piece by piece.

export interface XmlLimits {
  /** Elements inside elements, at most. */
  deepest: number;
  /** Elements in all, at most. */
  most?: number;
  /** Is told of a document type; without it, one is passed over. */
  onDoctype?: () => void;
  /** Elements that are handed on when they are closed, by the names that lead to them; nothing else is kept then. */
  items?: { isItem: (names: readonly string[]) => boolean; take: (item: unknown) => void };
}

interface Element {
  name: string;
  /** Whether its value is of use to anybody. */
  kept: boolean;
  /** Where its tag ended: an element that ends there closes itself. */
  opened: number;
  members: Map<string, unknown[]>;
  text: string;
}

/**
 * XML as lists and bags: attributes and children by their names (of several with one name, a list), an element without
 * any as its text. Nothing is looked up outside of the text, and only the five entities of XML itself are known. `end`
 * answers the value of the document. Throws what is wrong with it.
 */
export async function xmlReader({ deepest, most = Infinity, onDoctype, items }: XmlLimits) {
  const { Parser } = await import('htmlparser2');
  const root: Element = { name: '', kept: items === undefined, opened: -1, members: new Map(), text: '' };
  const open = [root];
  let count = 0;
  let documents = 0;
  const top = () => open.at(-1) ?? root;
  const names = () => open.slice(1).map(({ name }) => name);

  function close(element: Element): void {
    if (items !== undefined && !top().kept) {
      if (element.kept) items.take(valueOf(element));
      return;
    }
    add(top(), element.name, valueOf(element));
  }

  const parser = new Parser(
    {
      onprocessinginstruction(name) {
        if (name.toLowerCase() === '!doctype') onDoctype?.();
      },
      onopentag(name, attributes) {
        count += 1;
        if (count > most || open.length > deepest) throw new Error('The XML is too large.');
        const { kept } = top();
        const element: Element = { name, kept, opened: parser.endIndex, members: new Map(), text: '' };
        open.push(element);
        if (!kept && items?.isItem(names()) === true) element.kept = true;
        if (element.kept) for (const [key, value] of Object.entries(attributes)) add(element, key, value);
        if (open.length === 2) documents += 1;
      },
      ontext(part) {
        if (top().kept) top().text += part;
      },
      onclosetag(_, implied) {
        const element = open.pop();
        const isClosed = !implied || element?.opened === parser.endIndex;
        if (!isClosed || !element || element === root) throw new Error('An element of the XML is not closed.');
        close(element);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  return {
    write: (text: string) => parser.write(text),
    end(): unknown {
      parser.end();
      const isWhole = items === undefined ? root.members.size === 1 : documents === 1;
      if (open.length !== 1 || !isWhole) throw new Error('The text is no XML document.');
      return valueOf(root);
    },
  };
}

function add({ members }: Element, name: string, value: unknown): void {
  const known = members.get(name);
  if (known) known.push(value);
  else members.set(name, [value]);
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
