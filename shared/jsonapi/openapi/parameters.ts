import type { Operation, QuerySpec } from '../operation.ts';
import type { FilterSpec } from '../query/filter.ts';
import { fieldsOf, fieldsetTypes } from '../query/fieldsets.ts';
import type { Schema } from './schemas.ts';

/** Every parameter of an operation: path, query, header. */
export function describeParameters(operation: Operation<never>, revision: string): Schema[] {
  return [...inPath(operation.path), ...inQuery(operation), ...inHeader(operation, revision)];
}

function inPath(path: string): Schema[] {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function inHeader({ auth, query }: Operation<never>, revision: string): Schema[] {
  const header = {
    name: 'revision',
    in: 'header',
    required: auth === 'private',
    description: 'The revision of the API, YYYY-MM-DD[.suffix].',
    schema: { type: 'string', default: revision },
  };
  if (query.filterHeader === undefined) return [header];
  const filter = { name: query.filterHeader, in: 'header', required: false, schema: { type: 'string' } };
  return [filter, header];
}

function inQuery({ auth, query }: Operation<never>): Schema[] {
  return [
    ...(auth === 'public' ? [company(query)] : []),
    ...chosen(
      'additional-fields',
      query.additionalOf && [[query.additionalOf.type, query.additionalOf.additional ?? []]],
    ),
    ...chosen('fields', fieldsets(query)),
    ...filter(query),
    ...(query.include ? [listOf('include', Object.keys(query.include), 'Related resources to send along.')] : []),
    ...page(query),
    ...sort(query),
    ...others(query),
  ];
}

function company(query: QuerySpec): Schema {
  const required = query.companyOptional !== true;
  return {
    name: 'company_id',
    in: 'query',
    required,
    description: "The account's public id.",
    schema: { type: 'string' },
  };
}

function fieldsets(query: QuerySpec): [string, readonly string[]][] {
  return [...fieldsetTypes(query)].map(([type, resource]) => [
    type,
    fieldsOf(resource, query.additionalOf?.type === type),
  ]);
}

function chosen(prefix: string, sets: readonly [string, readonly string[]][] = []): Schema[] {
  return sets.map(([type, names]) => listOf(`${prefix}[${type}]`, names, `Which fields of each ${type} to send.`));
}

function listOf(name: string, values: readonly string[], description: string): Schema {
  const items = { type: 'string', enum: values };
  return { name, in: 'query', description, explode: false, style: 'form', schema: { type: 'array', items } };
}

function filter(query: QuerySpec): Schema[] {
  if (!query.filter || query.filterHeader !== undefined) return [];
  const required = query.filterRequired === true;
  return [{ name: 'filter', in: 'query', required, description: filterText(query.filter), schema: { type: 'string' } }];
}

function filterText(spec: FilterSpec): string {
  const rows = Object.entries(spec).map(([field, { operators }]) => `\`${field}\`: ${operators.join(', ')}`);
  return ['Fields and their operators:', ...rows].join('<br>');
}

function page({ page: spec }: QuerySpec): Schema[] {
  if (spec === undefined) return [];
  const cursor = { name: 'page[cursor]', in: 'query', description: 'From links.next.', schema: { type: 'string' } };
  if (spec.max === undefined) return [cursor];
  const size = { type: 'integer', default: spec.default, minimum: 1, maximum: spec.max };
  return [cursor, { name: 'page[size]', in: 'query', description: `1 to ${spec.max}.`, schema: size }];
}

function sort({ sort: fields }: QuerySpec): Schema[] {
  if (fields === undefined) return [];
  const values = fields.flatMap((field) => [field, `-${field}`]);
  return [
    { name: 'sort', in: 'query', description: 'A minus sorts descending.', schema: { type: 'string', enum: values } },
  ];
}

function others(query: QuerySpec): Schema[] {
  return Object.entries(query.others ?? {}).map(([name, { required = false, values }]) => ({
    name,
    in: 'query',
    required,
    schema: { type: 'string', ...(values && { enum: values }) },
  }));
}
