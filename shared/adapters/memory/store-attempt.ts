// What an action would do to the item that stands at its key.
import { decimalSum, placesOf } from '../../kernel/decimals.ts';
import { table } from '../../storage/table.ts';
import { keyOf } from '../../storage/actions.ts';
import type { Check, Condition, Update, Value, Write } from '../../storage/store.ts';
import { type Attributes, malformed, own, plain, plainMap, sameValue } from '../../storage/values.ts';
import { type Image, imageOf } from './store-image.ts';
import { checkKey } from './store-key.ts';

/** The outcome of an action before it is made true. `after` equals `before` where nothing is written. */
export interface Attempt {
  readonly holds: boolean;
  readonly before: Image | undefined;
  readonly after: Image | undefined;
}

interface Changes {
  set: Attributes;
  remove: readonly string[];
  add: Attributes;
}

/** Decides an action against the item that `find` finds. Throws on what the database refuses for its form. */
export function attempt(action: Write | Check, find: (key: { pk: string; sk: string }) => Image | undefined): Attempt {
  const key = keyOf(action);
  checkKey(key);
  const before = find(key);
  // The form of a request is judged before its condition is looked at; what an update results in only after.
  const put = 'put' in action ? imageOf(plainMap(action.put)) : undefined;
  const changes = 'update' in action ? changesOf(action) : undefined;
  const condition = action.if && { ...action.if, equals: Object.entries(action.if.equals ?? {}).map(stored) };
  if (!holds(condition, before?.item)) return { holds: false, before, after: put ?? before };
  if (changes) return { holds: true, before, after: imageOf(updated(changes, before?.item ?? key)) };
  return { holds: true, before, after: 'check' in action ? before : put };
}

type Stored = readonly [name: string, value: Value | undefined];

const stored = ([name, value]: Stored): Stored => [name, plain(value)];

function holds(
  condition: (Omit<Condition, 'equals'> & { equals: readonly Stored[] }) | undefined,
  current: Attributes | undefined,
): boolean {
  if (!condition) return true;
  if (condition.absent && current) return false;
  if (condition.present && !current) return false;
  return condition.equals.every(([name, value]) => sameValue(own(current, name), value));
}

function updated({ set, remove, add }: Changes, current: Attributes): Attributes {
  const next: Record<string, Value> = { ...current };
  for (const name of remove) Reflect.deleteProperty(next, name);
  for (const [name, amount] of Object.entries(add)) next[name] = sum(name, own(current, name), amount);
  return { ...next, ...set };
}

/** What an update changes, as it is stored. Throws when it changes nothing, a key, or an attribute twice. */
function changesOf(update: Update): Changes {
  const set = plainMap(update.set ?? {});
  const add = plainMap(update.add ?? {});
  const remove = update.remove ?? [];
  const names = [...Object.keys(set), ...Object.keys(add), ...remove];
  if (names.length === 0) throw malformed('An update must change something.');
  if (new Set(names).size < names.length) throw malformed('Two document paths overlap with each other.');
  if (names.includes(table.partition) || names.includes(table.sort))
    throw malformed('An update cannot change the key.');
  return { set, remove, add };
}

function sum(name: string, current: Value | undefined, amount: Value | undefined): number {
  const before = current ?? 0;
  if (current === null || typeof before !== 'number' || typeof amount !== 'number') {
    throw malformed(`Only numbers can be added to, and ${name} is none.`);
  }
  return storedSum(before, amount);
}

const mostDigits = 38;

/** The database counts in decimals: 0.1 and 0.2 are 0.3. Throws on sums beyond its digits or our numbers. */
function storedSum(a: number, b: number): number {
  const total = decimalSum(a, b);
  const places = Math.max(placesOf(a), placesOf(b));
  if (!Number.isSafeInteger(Math.trunc(total))) throw malformed('A sum is out of range.');
  if (total !== 0 && exponentOf(total) + 1 + places > mostDigits) throw malformed('A sum has more than 38 digits.');
  return total;
}

/** Where the first digit stands: 0 for ones, -1 for tenths. */
const exponentOf = (value: number) => Number(value.toExponential().split('e')[1]);
