// One object of a feed: which of its fields is what of an item, and what they have to be.
import * as z from 'zod/mini';
import { isStorable } from '../../storage/values.ts';

/** What a feed tells of an item, by the names that Klaviyo's own sample of a custom feed has (behaviour 7). */
export const feedFields = [
  'id',
  'title',
  'link',
  'description',
  'price',
  'image_link',
  'categories',
  'inventory_quantity',
  'inventory_policy',
] as const;
type FeedField = (typeof feedFields)[number];

/** The field of the feed that each is read from: names separated by dots. What is not named has its own name. */
export type Mapping = Readonly<Partial<Record<FeedField, string>>>;

const short = z.string().check(z.minLength(1, 'is empty'), z.maxLength(255, 'has more than 255 characters'));
const amount = z.number().check(z.refine(isStorable, 'is out of the range that can be kept'));

/** Categories of one item: they are linked in one transaction with it. */
const mostCategories = 50;

const row = z.object({
  id: short,
  title: z.string(),
  link: z.string(),
  description: z.string(),
  price: z.optional(amount),
  image_link: z.optional(z.string()),
  categories: z.optional(z.array(short).check(z.maxLength(mostCategories, `are more than ${mostCategories}`))),
  inventory_quantity: z.optional(amount),
  inventory_policy: z.optional(z.union([z.literal(0), z.literal(1), z.literal(2)])),
});
export type FeedRow = z.infer<typeof row>;

/** An object that cannot be taken, and why; without an id where it has none that can be read. */
export interface Fault {
  id?: string;
  detail: string;
}

/** What an object of a feed says by a mapping: numbers are texts, as they stand there, so that no id loses a digit. */
export function rowOf(object: unknown, mapping: Mapping): FeedRow | Fault {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return { detail: 'It is no object.' };
  const told = Object.fromEntries(
    feedFields.flatMap((field) => {
      const value = readers[field](valueAt(object, mapping[field] ?? field));
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const { success, data, error } = row.safeParse(told);
  if (success) return data;
  const id = short.safeParse(told['id']);
  const [issue] = error.issues;
  const field = String(issue?.path[0]);
  const words = told[field] === undefined ? 'is missing' : (plain[issue?.code ?? ''] ?? issue?.message);
  return { ...(id.success && { id: id.data }), detail: `Its ${field} ${words}.` };
}

const plain: Readonly<Record<string, string>> = {
  invalid_type: 'is not of the right type',
  invalid_union: 'is none of 0, 1 and 2',
};

/** The value at the end of a path; only what the objects have themselves. */
function valueAt(object: object, path: string): unknown {
  let at: unknown = object;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = Reflect.get(at, name);
  }
  return at;
}

/** Nothing and null say the same: it is not told. Half a pair of surrogates is no letter, and no table keeps it. */
function asText(value: unknown): unknown {
  if (value === null) return undefined;
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function asNumber(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  return typeof value === 'string' && value.trim() !== '' ? orItself(Number(value), value) : value;
}

const orItself = (number: number, value: unknown) => (Number.isNaN(number) ? value : number);

/** A list, one value, or what an XML element with one kind of children is: `{category: [...]}`. */
function asList(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return undefined;
  if (Array.isArray(value)) return [...new Set<unknown>(value.map(asText))];
  if (typeof value !== 'object') return [asText(value)];
  const [only, ...others] = Object.values(value) as unknown[];
  return others.length === 0 ? asList(only) : value;
}

const readers: Readonly<Record<FeedField, (value: unknown) => unknown>> = {
  id: asText,
  title: asText,
  link: asText,
  description: asText,
  price: asNumber,
  image_link: asText,
  categories: asList,
  inventory_quantity: asNumber,
  inventory_policy: asNumber,
};
