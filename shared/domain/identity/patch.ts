// What an input makes of a profile: a pure function. Objects are only spread and rebuilt from entries, never assigned to,
// so that keys like __proto__ stay data.
import { isDeepStrictEqual } from 'node:util';
import { definedOf, own } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { type Emails, emailsWith } from './emails.ts';
import type { EmailPatch, ProfileInput, PropertyPatch } from './input.ts';
import { precedence } from './input.ts';
import { type Attributes, attributesOf, propertiesOf } from './person.ts';
import { isElsewhere } from './place.ts';

type Bag = Readonly<Record<string, unknown>>;

/** What may pile up in one profile over many calls; the rest of a 400 KB item belongs to its keys and consent. */
const largestBags = 300 * 1024;

/** The profile with the input applied; refuses what would leave it without identifier or too large. */
export function applied(item: ProfileItem, input: ProfileInput): ProfileItem {
  const { email: told, ...others } = input.identifiers;
  const { email, other_emails, phone_number, external_id, anonymous_id, ...rest } = item;
  const next: ProfileItem = {
    ...rest,
    ...kept({ phone_number, external_id, anonymous_id, ...definedOf(others) }),
    ...emailsAfter({ email, other_emails }, told, input.emails),
    attributes: JSON.stringify(attributesAfter(attributesOf(item), input)),
    properties: JSON.stringify(propertiesAfter(propertiesOf(item), input)),
  };
  if (!precedence.some((kind) => next[kind] !== undefined)) {
    throw refuse('invalid', 'A profile needs at least one of email, phone_number and external_id.', '/data/attributes');
  }
  if (isTooLarge(next)) {
    throw refuse('invalid', 'The profile would become larger than 300 KB; unset properties first.', '/data/attributes');
  }
  return next;
}

/**
 * A new primary address replaces the one before, unless it was a secondary one: then they change places. Addresses are
 * added, then taken away; when the primary one goes, the most recently added one takes its place.
 */
function emailsAfter(
  { email: before, other_emails: others = [] }: { [K in keyof Emails]: Emails[K] | undefined },
  told: string | null | undefined,
  patch?: EmailPatch,
): Emails {
  const primary = told === undefined ? before : (told ?? undefined);
  const promoted = primary !== undefined && before !== undefined && others.includes(primary);
  const added = [...others, ...(promoted ? [before] : []), ...(patch?.append ?? [])];
  const without = (email: string) => !(patch?.unappend ?? []).includes(email);
  const first = primary !== undefined && without(primary) ? primary : undefined;
  // Without a primary address so far, the first that is added is it.
  const [start] = before === undefined && first === undefined ? added.filter(without) : [];
  return emailsWith(first ?? start, added.filter(without));
}

/** True for a profile that holds more than can be kept of one. */
export function isTooLarge({ attributes, properties }: ProfileItem): boolean {
  return Buffer.byteLength(attributes) + Buffer.byteLength(properties) > largestBags;
}

/** True when both say the same about the person: nothing to write. */
export function saysTheSame(a: ProfileItem, b: ProfileItem): boolean {
  return (
    precedence.every((kind) => a[kind] === b[kind]) &&
    isDeepStrictEqual(a.other_emails, b.other_emails) &&
    a.attributes === b.attributes &&
    a.properties === b.properties
  );
}

function attributesAfter(before: Attributes, input: ProfileInput): Attributes {
  const { location: there, seen: last, ...texts } = before;
  const location = kept({ ...there, ...definedOf(input.location ?? {}) });
  const seen = isElsewhere(before, input.seen) ? input.seen : last;
  return {
    ...kept({ ...texts, ...definedOf(input.attributes) }),
    ...(Object.keys(location).length > 0 && { location }),
    ...(seen && { seen }),
  };
}

function propertiesAfter(before: Bag, { properties, patch }: ProfileInput): Bag {
  const merged = properties === null ? {} : { ...before, ...properties };
  return patch === undefined ? merged : patched(merged, patch);
}

/** Appends, then takes out, then unsets. Appending twice is appending once: retried calls converge. */
function patched(before: Bag, { append = {}, unappend = {}, unset = [] }: PropertyPatch): Bag {
  const withMore = { ...before, ...mapped(append, (value, key) => joined(own(before, key), listOf(value))) };
  const less = mapped(unappend, (value, key) => without(own(withMore, key), listOf(value)));
  const gone = new Set([...unset, ...Object.keys(unappend).filter((key) => !Object.hasOwn(withMore, key))]);
  return Object.fromEntries(Object.entries({ ...withMore, ...less }).filter(([key]) => !gone.has(key)));
}

function joined(before: unknown, values: readonly unknown[]): unknown[] {
  const list = before === undefined || before === null ? [] : [...listOf(before)];
  for (const value of values) if (!list.some((one) => isDeepStrictEqual(one, value))) list.push(value);
  return list;
}

function without(before: unknown, values: readonly unknown[]): unknown {
  if (!Array.isArray(before)) return before;
  return before.filter((one) => !values.some((value) => isDeepStrictEqual(one, value)));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function mapped(bag: Bag, make: (value: unknown, key: string) => unknown): Bag {
  return Object.fromEntries(Object.entries(bag).map(([key, value]) => [key, make(value, key)]));
}

/** Without what is not set. */
function kept<T extends object>(bag: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined && value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
