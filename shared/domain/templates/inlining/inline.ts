// Style sheets onto the elements that they are about: some mail programs read no sheets. The sheets stay as well, for all
// that only they can say. Works on the template, whose tags it leaves alone, so that it is done once and not for each
// message. Read by libraries: HTML by htmlparser2, CSS by postcss, selectors by css-select.
import type { Element } from 'domhandler';
import { attribute } from '../drawing/markup.ts';
import { type Spend, TooMuch, budget, longestAddition } from './budget.ts';
import { type Place, elementsOf } from './elements.ts';
import { type Masked, masked } from './mask.ts';
import { type Rule, type Said, rulesOf } from './rules.ts';
import { signsOf } from './selectors.ts';

/** A piece of the source that is written anew. */
interface Change {
  from: number;
  to: number;
  text: string;
}

/** What putting a rule in its place among others costs, in looks. */
const putting = 10;

const unseen = new Set(['head', 'title', 'meta', 'link', 'base', 'style', 'script']);

/** The source with its style sheets on its elements; as it is when that would cost too much. */
export function inlineStyles(source: string, spend: Spend = budget()): string {
  try {
    const mask = masked(source);
    const elements = elementsOf(mask.text);
    const rules = rulesOf(source, elements.keys(), mask, spend);
    return rules.length === 0 ? source : written(source, changes(source, { elements, rules, mask, spend }));
  } catch (error) {
    if (error instanceof TooMuch) return source;
    throw error;
  }
}

interface Work {
  elements: ReadonlyMap<Element, Place>;
  rules: readonly Rule[];
  mask: Masked;
  spend: Spend;
}

function changes(source: string, { elements, rules, mask, spend }: Work): Change[] {
  const candidates = bySign(rules);
  const found: Change[] = [];
  let added = 0;
  for (const [element, place] of elements) {
    if (unseen.has(element.name) || place.open) continue;
    const matching = candidates(element).filter((rule) => rule.matches(element));
    for (const { said } of matching) spend(putting + said.length);
    // In a block a name may stand for something else than it does in the sheet.
    if (matching.length === 0 || (matching.some(({ dynamic }) => dynamic) && mask.inBlock(place.behindName))) continue;
    const style = attribute(cascade(matching));
    added += style.length;
    if (added > longestAddition) throw new TooMuch();
    found.push(changeOf(source, place, style));
  }
  return found;
}

/** The rules that may be about an element, the weaker ones first. */
function bySign(rules: readonly Rule[]): (element: Element) => Rule[] {
  const signed = Map.groupBy(rules.entries(), ([, { sign }]) => sign);
  const free = signed.get(undefined) ?? [];
  return (element) => {
    const found = [...free, ...signsOf(element).flatMap((sign) => signed.get(sign) ?? [])];
    return found.toSorted(([one], [other]) => one - other).map(([, rule]) => rule);
  };
}

/** What the rules say together: the stronger behind the weaker, without what a stronger rule says again. */
function cascade(rules: readonly Rule[]): string {
  const later = new Map<string, boolean>();
  const kept: Said[][] = [];
  for (const { said } of rules.toReversed()) {
    // Several of one rule stand for programs that do not know the last.
    kept.push(said.filter(({ property, important }) => overruled(later.get(property), important)));
    for (const { property, important } of said) later.set(property, important || (later.get(property) ?? false));
  }
  return kept
    .toReversed()
    .flat()
    .map(({ text }) => text)
    .join(';');
}

const overruled = (later: boolean | undefined, important: boolean) => later === undefined || (important && !later);

/** The element's own style comes last and prevails. */
function changeOf(source: string, { behindName, style: own }: Place, style: string): Change {
  if (!own) return { from: behindName, to: behindName, text: ` style="${style}"` };
  const { from, to, quote } = own;
  if (typeof quote === 'string') {
    const at = source.indexOf(quote, from) + 1;
    return { from: at, to: at, text: `${style};` };
  }
  const value = source.slice(from, to).replace(/^style\s*=?\s*/i, '');
  return { from, to, text: `style="${style}${value === '' ? '' : `;${attribute(value)}`}"` };
}

function written(source: string, found: readonly Change[]): string {
  let done = 0;
  let text = '';
  for (const change of found) {
    text += source.slice(done, change.from) + change.text;
    done = change.to;
  }
  return text + source.slice(done);
}
