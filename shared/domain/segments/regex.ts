// Regular expressions that users write, in RE2's syntax: run in time linear in the text, so that none can be made to stall a
// worker. The engine is loaded when the first definition needs it.
import type { RE2JS } from 're2js';
import { ApiError, type Fault } from '../../kernel/errors.ts';

type Engine = typeof import('re2js');

let engine: Engine | undefined;

/** Longer ones are refused. */
const longestPattern = 1000;

/** A pattern of a condition, and where it stands there. */
interface Placed {
  pattern: string;
  pointer: string;
}

/** The patterns that a condition, or a part of one at `at`, names. */
function patternsIn(part: object, at = ''): Placed[] {
  const { operator, value } = part as { operator?: unknown; value?: unknown };
  if (operator === 'regex' || operator === 'nregex') {
    return typeof value === 'string' ? [{ pattern: value, pointer: `${at}/value` }] : [];
  }
  return Object.entries(part).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null ? patternsIn(inner, `${at}/${name}`) : [],
  );
}

const known = new WeakMap<object, boolean>();

/** Loads the engine when one of the conditions, or a part of one, has a pattern: has to be awaited before they are evaluated. */
export async function loadFor(conditions: readonly object[]): Promise<void> {
  if (engine) return;
  for (const condition of conditions) {
    const has = known.get(condition) ?? patternsIn(condition).length > 0;
    known.set(condition, has);
    if (has) engine ??= await import('re2js');
  }
}

/** As many are kept compiled; then all are compiled anew. */
const mostCompiled = 1000;
const compiled = new Map<string, RE2JS>();

function compile(pattern: string): RE2JS {
  if (!engine) throw new Error('The engine of regular expressions is not loaded.');
  const ready = compiled.get(pattern) ?? engine.RE2JS.compile(pattern);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(pattern, ready);
  return ready;
}

/** Whether the pattern is found anywhere in the text; ^ and $ are its ends. */
export const isFound = (text: string, pattern: string): boolean => compile(pattern).matcher(text).find();

/** Why RE2 takes the pattern for none; undefined: it is one. */
async function faultOf(pattern: string): Promise<string | undefined> {
  if (pattern.length > longestPattern) return `longer than ${longestPattern} characters`;
  engine ??= await import('re2js');
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** What is wrong with the patterns of a condition, or of what holds several; `pointer` is where it stands. */
export async function patternFaults(part: object, pointer: string): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { pattern, pointer: at } of patternsIn(part)) {
    const why = await faultOf(pattern);
    if (why === undefined) continue;
    const detail = `This is no regular expression in the syntax of RE2, which knows no look-around and no back-references: ${why}.`;
    faults.push({ code: 'invalid', detail, source: { pointer: `${pointer}${at}` } });
  }
  return faults;
}

/** Refuses patterns that are none. */
export async function refusePatterns(part: object, pointer: string): Promise<void> {
  const [first, ...rest] = await patternFaults(part, pointer);
  if (first) throw new ApiError(first, ...rest);
}
