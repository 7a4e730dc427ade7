// The elements of a text of HTML and where their attributes stand, so that one can be written and every other letter stays.
import { DomHandler, type Element } from 'domhandler';
import { Parser } from 'htmlparser2';
import { deepestElements } from '../plain-text.ts';
import { TooMuch } from './budget.ts';
import { cover } from './mask.ts';

/** An attribute: its offsets, behind the closing quote; the quote, or none. */
export interface Attribute {
  from: number;
  to: number;
  quote: string | null | undefined;
}

export interface Place {
  /** The offset behind the element's name, where an attribute may be added. */
  behindName: number;
  /** The style attribute that it has. */
  style?: Attribute;
  /** The template language decides which attributes it has. */
  open?: true;
}

class Reader extends DomHandler {
  readonly places = new Map<Element, Place>();
  #parser: Parser | undefined;
  #next: Place = { behindName: 0 };

  constructor() {
    super(undefined, { withStartIndices: true });
  }

  override onparserinit(parser: Parser): void {
    super.onparserinit(parser);
    this.#parser = parser;
  }

  onopentagname(): void {
    this.#next = { behindName: this.#parser?.endIndex ?? 0 };
  }

  onattribute(name: string, _value: string, quote?: string | null): void {
    const parser = this.#parser;
    if (name.includes(cover)) this.#next.open = true;
    // The first of several counts.
    if (name !== 'style' || this.#next.style || !parser) return;
    this.#next.style = { from: parser.startIndex, to: parser.endIndex, quote };
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    super.onopentag(name, attributes);
    if (this.tagStack.length > deepestElements) throw new TooMuch();
    const element = this.tagStack.at(-1);
    if (element && 'attribs' in element) this.places.set(element, this.#next);
  }
}

/** The elements of a text of HTML in their order, each with its place. Throws TooMuch. */
export function elementsOf(html: string): ReadonlyMap<Element, Place> {
  const reader = new Reader();
  new Parser(reader).end(html);
  return reader.places;
}
