// Finds where a text stops being JSON. Only runs when JSON.parse has refused: its own messages quote the input and often lack a position.

const space = /[ \t\n\r]*/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or ]' | 'comma or }' | 'end';

const words = {
  value: 'a value',
  'value or ]': "a value or ']'",
  key: 'a key in double quotes',
  'key or }': "a key in double quotes or '}'",
  colon: "':'",
  'comma or ]': "',' or ']'",
  'comma or }': "',' or '}'",
  end: 'the end',
} as const satisfies Record<Expectation, string>;

/** What was expected, and the line and column (from 1) at which something else stands. */
export function jsonFault(text: string): string {
  const stack: ('[' | '{')[] = [];
  let want: Expectation = 'value';
  let at = 0;
  for (;;) {
    at = skip(text, at, space);
    const next = text[at];
    if (next === undefined)
      return want === 'end' ? 'it cannot be read.' : `expected ${words[want]}, but the text ends.`;
    const step = advance(text, at, next, want, stack);
    if (typeof step === 'string') return `${step} ${place(text, at)}`;
    at = step.at;
    want = step.want;
  }
}

function advance(text: string, at: number, next: string, want: Expectation, stack: ('[' | '{')[]) {
  if (want === 'colon') return next === ':' ? { at: at + 1, want: 'value' as const } : wrong(want);
  if (want === 'end') return wrong(want);
  if (closes(next, want)) {
    stack.pop();
    return { at: at + 1, want: afterValue(stack) };
  }
  if (want === 'comma or ]') return next === ',' ? { at: at + 1, want: 'value' as const } : wrong(want);
  if (want === 'comma or }') return next === ',' ? { at: at + 1, want: 'key' as const } : wrong(want);
  if (next === '"') {
    const end = stringEnd(text, at);
    if (end === undefined) return 'a string is not closed, or holds a control character or an unknown escape;';
    return { at: end, want: want.startsWith('key') ? ('colon' as const) : afterValue(stack) };
  }
  if (want.startsWith('key')) return wrong(want);
  if (next === '[' || next === '{') {
    stack.push(next);
    return { at: at + 1, want: next === '[' ? ('value or ]' as const) : ('key or }' as const) };
  }
  const end = skip(text, at, scalar);
  return end === at ? wrong(want) : { at: end, want: afterValue(stack) };
}

function wrong(want: Expectation): string {
  return `expected ${words[want]}`;
}

function closes(next: string, want: Expectation): boolean {
  return (next === ']' && want.endsWith(']')) || (next === '}' && want.endsWith('}'));
}

function afterValue(stack: readonly ('[' | '{')[]): Expectation {
  const open = stack.at(-1);
  if (open === undefined) return 'end';
  return open === '[' ? 'comma or ]' : 'comma or }';
}

function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) continue;
    const end = skip(text, at, escapeSequence);
    if (end === at) return undefined;
    at = end - 1;
  }
  return undefined;
}

function place(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `at line ${line}, column ${at - before.lastIndexOf('\n')} (position ${at + 1}).`;
}
