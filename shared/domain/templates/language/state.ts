// What a rendering holds while it runs, and how it puts out text.
import { escapeHtml } from '../../../kernel/html.ts';
import type { LinkPurpose, Node } from './ast.ts';
import type { Scope } from './evaluate.ts';
import { type Fuel, Exhausted } from './fuel.ts';
import { type Found, type Lookup, lookupName, mostLookups } from './lookups.ts';
import { textOf } from './text.ts';
import { type Moment, type Value, Safe } from './values.ts';

/** What the tags know of the world. */
export interface Surroundings {
  /** The present, on the account's clock. */
  now: Moment;
  links: Readonly<Record<LinkPurpose, string>>;
  /** The address that writes a property of the person and leads on to the target; undefined: none that leads anywhere else. */
  propertyLink: (property: string, value: string, target: string) => string | undefined;
  money: (amount: number) => string;
  /** What was looked up beforehand. */
  found: Found;
  /** Gets what a rendering needs and does not have. */
  asked: Map<string, Lookup>;
}

export interface State extends Scope {
  frames: Map<string, Value>[];
  fuel: Fuel;
  around: Surroundings;
  escaping: boolean;
  out: string[];
  /** What is a value among the texts of `out`, by its number, as it was before it was escaped: people differ in these. */
  values: Map<number, string>;
  /** Where the rendering is, for messages. */
  at: number;
  /** What `cycle` and `ifchanged` remember; `ifchanged` within the innermost loop. */
  turns: Map<Node, number>;
  last: Map<Node, Value>;
  /** The ways out that have been printed. */
  linked: Set<LinkPurpose>;
}

/** Puts out text as it is. */
export function emit(state: State, text: string): void {
  state.fuel.write(text);
  state.out.push(text);
}

/** Puts out a text that is a value, escaped or not. */
export function emitValue(state: State, text: string, escaping: boolean): void {
  if (escaping || !/[<>&"']/.test(text)) state.values.set(state.out.length, text);
  emit(state, escaping ? escapeHtml(text) : text);
}

/** Prints a value, escaped where escaping is on and it is not safe. */
export function print(state: State, value: Value): void {
  emitValue(state, textOf(value, state.fuel), state.escaping && !(value instanceof Safe));
}

/** Gives the value a name in the innermost frame, or prints it when no name was asked for. */
export function giveOrPrint(state: State, value: Value, as: string | undefined): void {
  if (as === undefined) print(state, value);
  else state.frames.at(-1)?.set(as, value);
}

/** What was found under a lookup; undefined also when it is only asked for now. */
export function lookUp({ around: { found, asked }, fuel }: State, lookup: Lookup): Value {
  const name = lookupName(lookup);
  fuel.make(name.length);
  if (found.has(name)) return found.get(name);
  asked.set(name, lookup);
  if (asked.size > mostLookups) throw new Exhausted(`The template looks up more than ${mostLookups} things.`);
  return undefined;
}
