// Which selectors can be decided on a template, and how.
import { compile } from 'css-select';
import { AttributeAction, type Selector, SelectorType, parse } from 'css-what';
import type { AnyNode, Element } from 'domhandler';
import { DomUtils } from 'htmlparser2';
import { type Spend, longestSelector } from './budget.ts';

export interface Matcher {
  /** What an element that matches has at least, one of `signsOf`; undefined: nothing. */
  sign: string | undefined;
  matches: (element: Element) => boolean;
  /** Comparable: ids, then classes and attributes, then names. */
  specificity: number;
}

/**
 * What holds for an element whatever the language leaves out or repeats around it. Positions among others and negations
 * do not, states like `:hover` are the reader's: such rules stay in the sheet alone.
 */
function decidable(token: Selector): boolean {
  if (token.type === SelectorType.Attribute) return token.action !== AttributeAction.Not;
  return token.type === SelectorType.Tag || token.type === SelectorType.Universal || leadsOn(token);
}

const leadsOn = ({ type }: Selector) => type === SelectorType.Child || type === SelectorType.Descendant;

function weightOf(token: Selector): number {
  if (token.type === SelectorType.Tag) return 1;
  if (token.type !== SelectorType.Attribute) return 0;
  // `#x` asks for upper and lower case as documents do, `[id=x]` as attributes do.
  return token.name === 'id' && token.action === AttributeAction.Equals && token.ignoreCase === 'quirks'
    ? 1_000_000
    : 1000;
}

/** An element's names, one of which any selector that matches it may ask for: `a`, `.class`, `#id`. */
export const signsOf = ({ name, attribs }: Element): string[] => [
  name,
  ...(attribs['id'] === undefined ? [] : [`#${attribs['id']}`]),
  ...new Set((attribs['class'] ?? '').split(/\s+/).map((one) => `.${one}`)),
];

function signIn(tokens: readonly Selector[]): string | undefined {
  const from = tokens.findLastIndex(leadsOn) + 1;
  const signs = tokens.slice(from).map(signOf);
  return signs.find((sign) => sign?.startsWith('#')) ?? signs.find((sign) => sign !== undefined);
}

function signOf(token: Selector): string | undefined {
  if (token.type === SelectorType.Tag) return token.name.toLowerCase();
  if (token.type !== SelectorType.Attribute || token.ignoreCase !== 'quirks') return undefined;
  return `${token.name === 'id' ? '#' : '.'}${token.value}`;
}

/** What one look reads of an attribute, in characters. */
const length = 16;

/** What reading a selector costs, in looks. */
const reading = 50;

/** The tree as selectors see it; each look is paid for. */
const paid = (spend: Spend) => ({
  ...DomUtils,
  getParent(element: AnyNode) {
    spend(1);
    return DomUtils.getParent(element);
  },
  getAttributeValue(element: Element, name: string) {
    const value = DomUtils.getAttributeValue(element, name);
    spend(1 + (value?.length ?? 0) / length);
    return value;
  },
});

/** The selectors of a rule that can be decided, one by one; those that cannot be read are left out. Throws TooMuch. */
export function matchersOf(selectors: string, spend: Spend): Matcher[] {
  if (selectors.length > longestSelector) return [];
  const adapter = paid(spend);
  return readable(selectors).flatMap((tokens) => {
    spend(reading);
    const [first] = tokens;
    if (!first || leadsOn(first) || !tokens.every(decidable)) return [];
    const test = compile<AnyNode, Element>([tokens], { adapter });
    const specificity = tokens.reduce((sum, token) => sum + weightOf(token), 0);
    const matches = (element: Element) => {
      spend(1);
      return test(element);
    };
    return [{ matches, specificity, sign: signIn(tokens) }];
  });
}

function readable(selectors: string): Selector[][] {
  try {
    return parse(selectors);
  } catch {
    return [];
  }
}
