// Which column is what of a profile.
import { UsageError } from '../usage-error.ts';
import { textOf, valueOf } from './cell.ts';

/** Fields of a profile that are texts. */
const attributes = [
  'email',
  'phone_number',
  'external_id',
  'first_name',
  'last_name',
  'organization',
  'locale',
  'title',
  'image',
] as const;
const coordinates = ['latitude', 'longitude'] as const;
const places = ['address1', 'address2', 'city', 'region', 'zip', 'country', ...coordinates, 'timezone', 'ip'] as const;

/** The columns of an export that are no properties, in their order. */
export const fieldColumns: readonly string[] = [...attributes, ...places];

/** Where the import command writes why a row was rejected; it passes the column over when the file comes back. */
export const reasonColumn = 'rejected_because';
const propertyPrefix = 'properties.';

/** A profile resource of the API, as far as columns know it. */
export interface ProfileData {
  type: 'profile';
  id?: string;
  attributes: Readonly<Record<string, unknown>>;
}

/** What a column holds. */
export type Column = { is: 'id' | 'nothing' } | { is: 'attribute' | 'place' | 'property'; name: string };

const among = (names: readonly string[], name: string) => names.includes(name);

/** `First Name` and `first-name` are first_name too. */
const canonical = (header: string) =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

/** What the column with this header holds: a field by its name, else the property of that name. */
export function columnOf(header: string): Column {
  if (header.startsWith(propertyPrefix)) return { is: 'property', name: header.slice(propertyPrefix.length) };
  const name = canonical(header).replace(/^location\./, '');
  if (name === reasonColumn) return { is: 'nothing' };
  if (name === 'id') return { is: 'id' };
  if (among(attributes, name)) return { is: 'attribute', name };
  if (among(places, name)) return { is: 'place', name };
  return { is: 'property', name: header };
}

/** The header that `columnOf` takes for the property. */
export function headerOf(property: string): string {
  const { is, ...column } = columnOf(property);
  const isPlain = is === 'property' && 'name' in column && column.name === property && property.trim() !== '';
  return isPlain ? property : `${propertyPrefix}${property}`;
}

/** The columns of a header line; `renamed` says which are called otherwise. Throws UsageError on what is not clear. */
export function columnsOf(headers: readonly string[], renamed: ReadonlyMap<string, string>): Column[] {
  for (const name of renamed.keys()) {
    if (!headers.includes(name))
      throw new UsageError(`--map names the column "${name}", which the file does not have.`);
  }
  const columns = headers.map((header, i) => {
    if (header.trim() === '') throw new UsageError(`Column ${i + 1} has no name in the first line.`);
    return columnOf(renamed.get(header) ?? header);
  });
  const seen = new Map<string, number>();
  for (const [i, column] of columns.entries()) {
    const key = JSON.stringify(column);
    const earlier = seen.get(key);
    if (earlier !== undefined && column.is !== 'nothing') {
      throw new UsageError(`Columns ${earlier + 1} and ${i + 1} both hold ${headers[i] ?? ''}.`);
    }
    seen.set(key, i);
  }
  return columns;
}

/** The profile of a line; empty cells say nothing. */
export function profileOf(columns: readonly Column[], cells: readonly string[]): ProfileData {
  const filled = columns.flatMap((column, i) => (cells[i] ? [{ column, text: cells[i] }] : []));
  const of = (is: Column['is'], read: (name: string, text: string) => unknown) =>
    Object.fromEntries(
      filled.flatMap(({ column, text }) =>
        column.is === is && 'name' in column ? [[column.name, read(column.name, text)]] : [],
      ),
    );
  const location = of('place', (name, text) => (among(coordinates, name) ? valueOf(text) : text));
  const properties = of('property', (_, text) => valueOf(text));
  const id = filled.find(({ column }) => column.is === 'id')?.text;
  return {
    type: 'profile',
    ...(id !== undefined && { id }),
    attributes: {
      ...of('attribute', (_, text) => text),
      ...(Object.keys(location).length > 0 && { location }),
      ...(Object.keys(properties).length > 0 && { properties }),
    },
  };
}

type Bag = Readonly<Record<string, unknown>>;
const bagIn = (attributes: Bag, name: string): Bag => (attributes[name] ?? {}) as Bag;

/** The properties that a profile has. */
export const propertiesOf = ({ attributes: all }: ProfileData): Bag => bagIn(all, 'properties');

/** The line of a profile: `fieldColumns`, then the properties of these names. */
export function lineOf(profile: ProfileData, properties: readonly string[]): string[] {
  const location = bagIn(profile.attributes, 'location');
  const bag = propertiesOf(profile);
  const plain = (value: unknown) => (typeof value === 'string' ? value : '');
  return [
    ...attributes.map((name) => plain(profile.attributes[name])),
    ...places.map((name) => {
      const value = location[name] ?? undefined;
      return among(coordinates, name) && value !== undefined ? textOf(value) : plain(value);
    }),
    ...properties.map((name) => (Object.hasOwn(bag, name) ? textOf(bag[name]) : '')),
  ];
}
