// Filters on texts.
import { Script } from 'node:vm';
import { escapeHtml } from '../../../../kernel/html.ts';
import { Exhausted } from '../fuel.ts';
import { withoutTags } from '../strip-tags.ts';
import { textOf } from '../text.ts';
import { type Value, Safe, numberOf, truthy } from '../values.ts';
import type { Filter, FilterUse, Filters } from './filter.ts';
import { percentFormat } from './percent-format.ts';

/** A filter of the text alone; `keeps`: safe text stays safe. */
export const ofText = (apply: (text: string) => Value, safe?: 'keeps'): Filter => ({
  ...(safe && { safe }),
  run: (value, _, use) => apply(textOf(value, use.fuel)),
});

/** A filter of the text and of the argument's text. */
export const withText = (apply: (text: string, argument: string, use: FilterUse) => Value): Filter => ({
  argument: 'required',
  run: (value, argument, use) => apply(textOf(value, use.fuel), textOf(argument, use.fuel), use),
});

const capfirst = (text: string) => {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
};

/** Django's title: the first letter of each run of letters; not after an apostrophe or a digit. */
function title(text: string): string {
  return text
    .replace(/\p{L}+/gu, (run) => capfirst(run.toLowerCase()))
    .replace(/\p{Ll}['’]\p{Lu}/gu, (found) => found.slice(0, -1) + found.slice(-1).toLowerCase())
    .replace(/\d\p{L}/gu, (found) => found.toLowerCase());
}

/** Cuts to `length` characters, the mark of the cut included. */
const cutTo =
  (standard: number | undefined, mark: string): Filter['run'] =>
  (value, argument, use) => {
    const text = textOf(value, use.fuel);
    const length = numberOf(argument) ?? standard;
    const characters = Array.from(text);
    if (length === undefined || characters.length <= length) return text;
    return characters.slice(0, Math.max(0, Math.trunc(length) - mark.length)).join('') + mark;
  };

const truncatewords: Filter['run'] = (value, argument, use) => {
  const text = textOf(value, use.fuel);
  const words = text.split(/\s+/).filter((one) => one !== '');
  const length = numberOf(argument);
  return length === undefined || words.length <= length ? text : `${words.slice(0, Math.max(0, length)).join(' ')} …`;
};

/** Replaces all occurrences; what comes out is paid for before it is made. */
function replaceAll(text: string, what: string, by: string, use: FilterUse): string {
  if (what === '') return text;
  const pieces = text.split(what);
  use.fuel.make(text.length + (pieces.length - 1) * Math.max(0, by.length - what.length));
  return pieces.join(by);
}

/** `"a|b"`: what to find and what to put there. */
const findAndReplace = (apply: (text: string, what: string, by: string, use: FilterUse) => string) =>
  withText((text, argument, use) => {
    const [what = '', by = ''] = argument.split('|');
    return apply(text, what, by, use);
  });

function replaceAt(text: string, at: number, what: string, by: string): string {
  return at < 0 || what === '' ? text : text.slice(0, at) + by + text.slice(at + what.length);
}

function trimSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** Breaks of lines as HTML; text that is not safe yet is escaped on the way. */
const linebreaksbr: Filter['run'] = (value, _, use) => {
  const text = textOf(value, use.fuel);
  const html = use.input instanceof Safe ? text : escapeHtml(text);
  return new Safe(replaceAll(html.replaceAll('\r\n', '\n'), '\n', '<br>', use));
};

const escape: Filter['run'] = (value, _, use) =>
  use.input instanceof Safe ? use.input : new Safe(escapeHtml(textOf(value, use.fuel)));

/** yes, no, maybe. */
const yesno: Filter['run'] = (value, argument, use) => {
  const [yes = '', no = '', maybe = no] = textOf(argument ?? 'yes,no,maybe', use.fuel).split(',');
  if (value === undefined || value === null) return maybe;
  return Boolean(value) ? yes : no;
};

/** `s`, `es` or `y,ies` by a number, or by the length of a list. */
const pluralize: Filter['run'] = (value, argument, use) => {
  const forms = textOf(argument ?? 's', use.fuel).split(',');
  const [one = '', many = ''] = forms.length === 1 ? ['', forms[0]] : forms;
  const count = Array.isArray(value) ? value.length : numberOf(value);
  return count === 1 ? one : many;
};

const splitByPattern = new Script('text.split(new RegExp(pattern, "u"))');

/** Errors come out of there with prototypes of their own. */
const isTimeout = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Splits by an author's regular expression, which is stopped from outside: some never end. One that is none splits nothing. */
function resplit(text: string, pattern: string, { fuel }: FilterUse): Value {
  const timeout = fuel.borrow();
  try {
    // The pattern is data there: it runs as a regular expression, never as code.
    const pieces: unknown = splitByPattern.runInNewContext({ text, pattern }, { timeout });
    return Array.isArray(pieces) ? pieces.map((piece: unknown) => piece ?? '') : [text];
  } catch (error) {
    if (isTimeout(error)) throw new Exhausted('A regular expression in the template takes too long.');
    return [text];
  }
}

const capitalized = ofText(capfirst, 'keeps');
const lower = ofText((text) => text.toLowerCase(), 'keeps');
const upper = ofText((text) => text.toUpperCase());
const breaks: Filter = { run: linebreaksbr };
const stripped = ofText(withoutTags);
/** The address of an image; of another one where there is none. */
const missing: Filter = {
  argument: 'optional',
  run: (value, _, use) => (truthy(value) ? use.input : (use.given ?? '')),
};

export const textFilters = {
  append: withText((text, more) => text + more),
  prepend: withText((text, more) => more + text),
  cut: withText((text, what, use) => replaceAll(text, what, '', use)),
  remove: withText((text, what, use) => replaceAll(text, what, '', use)),
  remove_first: withText((text, what) => replaceAt(text, text.indexOf(what), what, '')),
  remove_last: withText((text, what) => replaceAt(text, text.lastIndexOf(what), what, '')),
  find_replace: findAndReplace(replaceAll),
  replace_first: findAndReplace((text, what, by) => replaceAt(text, text.indexOf(what), what, by)),
  replace_last: findAndReplace((text, what, by) => replaceAt(text, text.lastIndexOf(what), what, by)),
  capitalize: capitalized,
  capfirst: capitalized,
  lower,
  downcase: lower,
  upper,
  upcase: upper,
  title: ofText(title, 'keeps'),
  truncate: { argument: 'optional', run: cutTo(50, '...') },
  truncatechars: { argument: 'required', run: cutTo(undefined, '…') },
  truncatewords: { argument: 'required', run: truncatewords },
  strip: ofText((text) => text.trim(), 'keeps'),
  lstrip: ofText((text) => text.trimStart(), 'keeps'),
  rstrip: ofText((text) => text.trimEnd(), 'keeps'),
  strip_newlines: ofText((text) => text.replaceAll(/[\r\n]/g, ''), 'keeps'),
  newline_to_br: breaks,
  linebreaksbr: breaks,
  escape: { run: escape },
  force_escape: { run: (value, _, use) => new Safe(escapeHtml(textOf(value, use.fuel))) },
  escape_once: {
    run: (value, _, use) =>
      new Safe(
        escapeHtml(textOf(value, use.fuel)).replaceAll(/&amp;(#\d{1,7}|#x[\da-f]{1,6}|[a-z]\w{1,30});/gi, '&$1;'),
      ),
  },
  safe: { run: (value, _, use) => new Safe(textOf(value, use.fuel)) },
  strip_html: stripped,
  striptags: stripped,
  resplit: withText(resplit),
  split: withText((text, by) => (by === '' ? Array.from(text) : text.split(by))),
  httpize: ofText((text) => (text === '' || /^https?:\/\//i.test(text) ? text : `http://${text}`)),
  trim_slash: ofText(trimSlashes),
  missing_image: missing,
  missing_product_image: missing,
  stringformat: {
    argument: 'required',
    run: (value, wish, { fuel }) => percentFormat(value, textOf(wish, fuel), fuel),
  },
  yesno: { argument: 'optional', run: yesno },
  pluralize: { argument: 'optional', run: pluralize },
  wordcount: ofText((text) => text.split(/\s+/).filter((one) => one !== '').length),
} as const satisfies Filters;
