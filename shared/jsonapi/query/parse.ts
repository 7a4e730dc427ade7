import { refuse } from '../../kernel/errors.ts';
import type { Operation, ParsedQuery, QuerySpec } from '../operation.ts';
import { fieldsOf, fieldsetTypes } from './fieldsets.ts';
import { paramsOf, shown } from './params.ts';
import { parseFilter } from './parse-filter.ts';
import type { Filter } from './filter.ts';

/** What a page cursor is good for: these conditions in this order. */
export interface Listing {
  filters: readonly Filter[];
  sort?: { field: string; descending: boolean };
}

/** Reads the position out of a cursor that was made for the same listing, or refuses. */
export type ReadCursor = (cursor: string, listing: Listing) => string;

/** Checks the query of a request against what its operation declares. Refuses whatever is not declared, by name. */
export function parseQuery(
  raw: string,
  operation: Pick<Operation<never>, 'auth' | 'query'>,
  readCursor: ReadCursor,
  headers: Readonly<Record<string, string>> = {},
): ParsedQuery {
  const spec = operation.query;
  const params = paramsOf(raw);
  const allowed = parametersOf(operation);
  for (const name of params.keys())
    if (!allowed.includes(name)) throw refuse('invalid', unknownParameter(name, allowed), shown(name));
  const listing = { filters: filters(params, spec, headers), ...sort(params.get('sort'), spec) };
  const others = other(params, spec);
  return {
    ...listing,
    page: page(params, spec, (cursor) => readCursor(cursor, listing)),
    include: include(params.get('include'), spec),
    additional: additional(params, spec),
    fields: fields(params, spec),
    ...(others && { others }),
  };
}

/** The names of all query parameters that an operation takes. */
export function parametersOf({ auth, query }: Pick<Operation<never>, 'auth' | 'query'>): string[] {
  return [
    ...(auth === 'public' ? ['company_id'] : []),
    ...(query.filter && query.filterHeader === undefined ? ['filter'] : []),
    ...(query.sort ? ['sort'] : []),
    ...(query.page?.max === undefined ? [] : ['page[size]']),
    ...(query.page ? ['page[cursor]'] : []),
    ...(query.include ? ['include'] : []),
    ...(query.additionalOf ? [`additional-fields[${query.additionalOf.type}]`] : []),
    ...[...fieldsetTypes(query).keys()].map((type) => `fields[${type}]`),
    ...Object.keys(query.others ?? {}),
  ];
}

function unknownParameter(name: string, allowed: string[]): string {
  const hint = allowed.length === 0 ? 'This operation takes none.' : `It takes ${allowed.join(', ')}.`;
  return `'${shown(name)}' is not a query parameter of this operation. ${hint}`;
}

function filters(params: ReadonlyMap<string, string>, spec: QuerySpec, headers: Readonly<Record<string, string>>) {
  if (!spec.filter) return [];
  const text = spec.filterHeader === undefined ? params.get('filter') : headers[spec.filterHeader];
  if (text !== undefined && text.trim() !== '') return parseFilter(text, spec.filter);
  if (spec.filterRequired)
    throw refuse('missing', `A filter is required. It can name ${Object.keys(spec.filter).join(', ')}.`, 'filter');
  return [];
}

function sort(text: string | undefined, spec: QuerySpec): { sort?: NonNullable<ParsedQuery['sort']> } {
  if (text === undefined) return {};
  const descending = text.startsWith('-');
  const field = descending ? text.slice(1) : text;
  const allowed = spec.sort ?? [];
  if (!allowed.includes(field))
    throw refuse(
      'invalid',
      `'${shown(text)}' is not a sort order. Use one of ${allowed.join(', ')}, or one of them with a minus.`,
      'sort',
    );
  return { sort: { field, descending } };
}

function page(params: ReadonlyMap<string, string>, spec: QuerySpec, read: (cursor: string) => string) {
  const { default: usual = 0, max = usual } = spec.page ?? {};
  const text = params.get('page[size]');
  const size = text === undefined ? usual : Number(text);
  if (text !== undefined && (!/^\d{1,6}$/.test(text) || size < 1 || size > max))
    throw refuse('invalid', `page[size] must be a whole number from 1 to ${max}.`, 'page[size]');
  const cursor = params.get('page[cursor]');
  return { size, ...(cursor !== undefined && cursor !== '' && { position: read(cursor) }) };
}

function include(text: string | undefined, spec: QuerySpec): ReadonlySet<string> {
  return chosen(text, Object.keys(spec.include ?? {}), 'include');
}

function additional(params: ReadonlyMap<string, string>, spec: QuerySpec): ReadonlySet<string> {
  const name = `additional-fields[${spec.additionalOf?.type ?? ''}]`;
  return chosen(params.get(name), spec.additionalOf?.additional ?? [], name);
}

function fields(params: ReadonlyMap<string, string>, spec: QuerySpec): Map<string, ReadonlySet<string>> {
  const sets = new Map<string, ReadonlySet<string>>();
  for (const [type, resource] of fieldsetTypes(spec)) {
    const name = `fields[${type}]`;
    const text = params.get(name);
    if (text !== undefined) sets.set(type, chosen(text, fieldsOf(resource, spec.additionalOf?.type === type), name));
  }
  return sets;
}

function other(params: ReadonlyMap<string, string>, spec: QuerySpec): Record<string, string> | undefined {
  if (!spec.others) return undefined;
  const values: Record<string, string> = {};
  for (const [name, rule] of Object.entries(spec.others)) {
    const value = params.get(name);
    if (value === undefined && rule.required)
      throw refuse('missing', `The query parameter '${name}' is required.`, name);
    if (value === undefined) continue;
    if (rule.values && !rule.values.includes(value))
      throw refuse(
        'invalid',
        `'${shown(value)}' is not a value of '${name}'. Use one of ${rule.values.join(', ')}.`,
        name,
      );
    values[name] = value;
  }
  return values;
}

/** The entries of a comma-separated list, each of which must be allowed. */
function chosen(text: string | undefined, allowed: readonly string[], parameter: string): ReadonlySet<string> {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const given = new Set(names.filter((name) => name !== ''));
  for (const name of given)
    if (!allowed.includes(name))
      throw refuse(
        'invalid',
        `'${shown(name)}' is not a value of ${parameter}. Use one of ${allowed.join(', ')}.`,
        parameter,
      );
  return given;
}
