// Cuts a template into text, {{ prints }}, {% tags %} and {# comments #}. None of them spans lines, as in Django.

export interface Token {
  kind: 'text' | 'print' | 'tag' | 'comment';
  /** Where it begins and ends in the source, delimiters included. */
  start: number;
  end: number;
}

const closers = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;
const kinds = { '{{': 'print', '{%': 'tag', '{#': 'comment' } as const;
type Opener = keyof typeof closers;

const isOpener = (text: string): text is Opener => Object.hasOwn(closers, text);

/** Finds `what` at or behind `from`, looking at every character of the source once in all. */
function finder(source: string, what: string): (from: number) => number {
  let found = -2;
  return (from) => {
    if (found === -2 || (found !== -1 && found < from)) found = source.indexOf(what, from);
    return found === -1 ? source.length : found;
  };
}

/** The tokens of a template, in order and without gaps. Linear in the length of the source. */
export function lex(source: string): Token[] {
  const tokens: Token[] = [];
  const nextLine = finder(source, '\n');
  const nextCloser = {
    '{{': finder(source, '}}'),
    '{%': finder(source, '%}'),
    '{#': finder(source, '#}'),
  } satisfies Record<Opener, unknown>;
  let textFrom = 0;
  let at = source.indexOf('{');
  while (at !== -1) {
    const opener = source.slice(at, at + 2);
    const close = isOpener(opener) ? nextCloser[opener](at + 2) : source.length;
    if (!isOpener(opener) || close >= nextLine(at)) {
      at = source.indexOf('{', at + 1);
      continue;
    }
    if (at > textFrom) tokens.push({ kind: 'text', start: textFrom, end: at });
    textFrom = close + 2;
    tokens.push({ kind: kinds[opener], start: at, end: textFrom });
    at = source.indexOf('{', textFrom);
  }
  if (textFrom < source.length) tokens.push({ kind: 'text', start: textFrom, end: source.length });
  return tokens;
}
