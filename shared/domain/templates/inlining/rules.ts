// Style sheets to rules that can stand on elements.
import { type Element, isText } from 'domhandler';
import type { ChildNode, Declaration, Root, Rule as CssRule } from 'postcss';
import parse from 'postcss/lib/parse';
import { type Spend, TooMuch, longestSheets, mostSheets } from './budget.ts';
import type { Masked } from './mask.ts';
import { type Matcher, matchersOf } from './selectors.ts';

/** A declaration as the author wrote it, tags of the template language in place. */
export interface Said {
  property: string;
  important: boolean;
  text: string;
}

export interface Rule extends Matcher {
  said: readonly Said[];
  /** Shows values of the message, which may be others inside a block of the language. */
  dynamic: boolean;
}

interface Sheet {
  css: string;
  /** Where it begins in the source. */
  at: number;
}

/** Sheets that count on every screen; one in a block of the language, or marked `data-embed`, stays as it is. */
function sheetsOf(elements: Iterable<Element>, { inBlock }: Masked): Sheet[] {
  const sheets: Sheet[] = [];
  for (const { name, attribs, children, startIndex } of elements) {
    if (name !== 'style' || 'data-embed' in attribs || inBlock(startIndex ?? 0)) continue;
    const { media = 'all', type = 'text/css' } = attribs;
    if (!/^\s*(all|screen)?\s*$/i.test(media) || !/^\s*(text\/css)?\s*$/i.test(type)) continue;
    for (const child of children) {
      if (isText(child)) sheets.push({ css: child.data, at: child.startIndex ?? 0 });
    }
  }
  return sheets;
}

/** The rules of the source's sheets, the weaker ones first. Throws TooMuch. */
export function rulesOf(source: string, elements: Iterable<Element>, mask: Masked, spend: Spend): Rule[] {
  const sheets = sheetsOf(elements, mask);
  if (sheets.length > mostSheets || sheets.reduce((sum, { css }) => sum + css.length, 0) > longestSheets)
    throw new TooMuch();
  const rules = sheets.flatMap((sheet) => nodesOf(sheet).flatMap((node) => rulesIn(node, source, sheet, spend)));
  return rules.toSorted((one, other) => one.specificity - other.specificity);
}

/** What stands in a sheet at the top; nothing when it cannot be read. */
function nodesOf({ css }: Sheet): ChildNode[] {
  try {
    return (parse(css) as Root).nodes;
  } catch {
    return [];
  }
}

function rulesIn(node: ChildNode, source: string, sheet: Sheet, spend: Spend): Rule[] {
  if (node.type !== 'rule') return [];
  const said = saidIn(node, source, sheet);
  if (!said || said.length === 0) return [];
  const dynamic = said.some(({ text }) => text.includes('{{'));
  return matchersOf(node.selector, spend).map((matcher) => ({ ...matcher, said, dynamic }));
}

/** What a rule says; undefined when that cannot stand in an attribute. */
function saidIn({ nodes }: CssRule, source: string, { at }: Sheet): Said[] | undefined {
  const said: Said[] = [];
  for (const node of nodes) {
    if (node.type === 'comment') continue;
    if (node.type !== 'decl' || !/^[-\w]+$/.test(node.prop)) return undefined;
    const text = textOf(node, source, at);
    // Tags of blocks and loops belong where they stand; a text in both kinds of quotes could end the attribute.
    if (text.includes('{%') || /\{\{[^}]*("[^}"]*'|'[^}']*")[^}]*\}\}/.test(text)) return undefined;
    said.push({ property: node.prop.toLowerCase(), important: node.important === true, text });
  }
  return said;
}

function textOf({ source: place }: Declaration, source: string, at: number): string {
  const written = source.slice(at + (place?.start?.offset ?? 0), at + (place?.end?.offset ?? 0));
  return written.replaceAll(/\s+/g, ' ').replace(/[\s;]+$/, '');
}
