// Tags that print something or name something.
import type { LinkPurpose, Node, Operand } from '../ast.ts';
import { failAt } from '../failure.ts';
import { accept, asName, done, expression, expressions, finish, name, operand, skipSpace } from '../scan.ts';
import { Safe } from '../values.ts';
import type { Parser, Tag, TagParser } from './tag.ts';

const named = (as: string | undefined) => (as === undefined ? {} : { as });

function parseFirstof(tag: Tag, parser: Parser): Node {
  const of = expressions(tag.scanner);
  if (of.length === 0) throw failAt(parser.source, tag.at, 'The tag "firstof" needs at least one value.');
  const as = asName(tag.scanner);
  finish(tag.scanner);
  return { kind: 'firstof', at: tag.at, of, ...named(as) };
}

function parseCycle(tag: Tag, parser: Parser): Node {
  const of = expressions(tag.scanner);
  if (of.length === 0) throw failAt(parser.source, tag.at, 'The tag "cycle" needs at least one value.');
  const as = asName(tag.scanner);
  const silent = as !== undefined && accept(tag.scanner, 'silent');
  finish(tag.scanner);
  return { kind: 'cycle', at: tag.at, of, ...named(as), silent };
}

function parseWidthratio(tag: Tag): Node {
  const { scanner } = tag;
  const [value, max, width] = [expression(scanner), expression(scanner), expression(scanner)];
  const as = asName(scanner);
  finish(scanner);
  return { kind: 'widthratio', at: tag.at, value, max, width, ...named(as) };
}

const delimiters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    openblock: '{%',
    closeblock: '%}',
    openvariable: '{{',
    closevariable: '}}',
    openbrace: '{',
    closebrace: '}',
    opencomment: '{#',
    closecomment: '#}',
  }),
);

function parseTemplatetag(tag: Tag, parser: Parser): Node {
  const text = delimiters.get(name(tag.scanner));
  if (text === undefined) throw failAt(parser.source, tag.at, 'The tag "templatetag" does not know this word.');
  finish(tag.scanner);
  return { kind: 'text', at: tag.at, text };
}

function parseNow(tag: Tag): Node {
  skipSpace(tag.scanner);
  const format = operand(tag.scanner);
  const as = asName(tag.scanner);
  finish(tag.scanner);
  return { kind: 'now', at: tag.at, format, by: 'django', ...named(as) };
}

/** `{% today "%Y-%m-%d" as today %}`: both parts are needed. */
function parseToday(tag: Tag, parser: Parser): Node {
  skipSpace(tag.scanner);
  const format = operand(tag.scanner);
  const as = asName(tag.scanner);
  if (as === undefined)
    throw failAt(parser.source, tag.at, 'The tag "today" is written {% today "%Y-%m-%d" as name %}.');
  finish(tag.scanner);
  return { kind: 'now', at: tag.at, format, by: 'strftime', as };
}

/** A tag that prints a part of today's date. */
function datePart(letter: string): TagParser {
  const format: Operand = { kind: 'literal', value: new Safe(letter) };
  return (tag) => {
    finish(tag.scanner);
    return { kind: 'now', at: tag.at, format, by: 'django' };
  };
}

/** `{% unsubscribe %}`, `{% unsubscribe 'text' %}`. */
function linked(purpose: LinkPurpose): TagParser {
  return (tag) => {
    const text = done(tag.scanner) ? undefined : expression(tag.scanner);
    finish(tag.scanner);
    return { kind: 'link', at: tag.at, purpose, bare: false, ...(text && { text }) };
  };
}

/** `{% unsubscribe_link %}`: the address alone. */
function bareLink(purpose: LinkPurpose): TagParser {
  return (tag) => {
    finish(tag.scanner);
    return { kind: 'link', at: tag.at, purpose, bare: true };
  };
}

function parseMoney(tag: Tag): Node {
  const amount = expression(tag.scanner);
  finish(tag.scanner);
  return { kind: 'money', at: tag.at, expression: amount };
}

/** `{% render_variable preview_text %}`: prints a variable of the message. */
function parseRenderVariable(tag: Tag): Node {
  const variable = expression(tag.scanner);
  finish(tag.scanner);
  return { kind: 'print', at: tag.at, expression: variable };
}

export const outputTags = {
  firstof: parseFirstof,
  cycle: parseCycle,
  widthratio: parseWidthratio,
  templatetag: parseTemplatetag,
  now: parseNow,
  today: parseToday,
  current_day: datePart('j'),
  current_month: datePart('n'),
  current_year: datePart('Y'),
  current_weekday: datePart('l'),
  current_month_name: datePart('F'),
  unsubscribe: linked('unsubscribe'),
  unsubscribe_link: bareLink('unsubscribe'),
  manage_preferences: linked('manage_preferences'),
  manage_preferences_link: bareLink('manage_preferences'),
  web_view: linked('web_view'),
  web_view_link: bareLink('web_view'),
  currency_format: parseMoney,
  render_variable: parseRenderVariable,
} as const satisfies Record<string, TagParser>;
