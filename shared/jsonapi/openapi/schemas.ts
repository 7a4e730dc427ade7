import * as z from 'zod/mini';
import { isPlainObject } from '../bag.ts';
import type { QuerySpec, SuccessShape } from '../operation.ts';
import type { RelationshipSpec, ResourceType } from '../resource.ts';

/** A piece of an OpenAPI document. */
export type Schema = Record<string, unknown>;

/** What a zod schema takes, as an OpenAPI 3.0 schema. */
export function toSchema(schema: z.ZodMiniType): Schema {
  const json: Schema = { ...z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' }) };
  delete json['$schema'];
  return flattened(json) as Schema;
}

/** Alternatives of alternatives are alternatives: readers should not have to climb through layers that say nothing. */
function flattened(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(flattened);
  if (!isPlainObject(node)) return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    if (!Array.isArray(value) || (key !== 'anyOf' && key !== 'oneOf')) return [key, flattened(value)];
    return ['anyOf', value.map(flattened).flatMap(alternativesIn)];
  });
  return Object.fromEntries(entries);
}

function alternativesIn(schema: unknown): unknown[] {
  const isUnion = isPlainObject(schema) && Array.isArray(schema['anyOf']) && Object.keys(schema).length === 1;
  return isUnion ? (schema['anyOf'] as unknown[]) : [schema];
}

/** The document of a success; undefined when the answer has no body. `reads` is true for what GET answers. */
export function successContent(shape: SuccessShape, query: QuerySpec, reads: boolean): Schema | undefined {
  if (shape.kind === 'empty') return undefined;
  if (shape.kind === 'linkage') {
    const one = linkage(shape.of);
    return documentOf(shape.many ? arrayOf(one) : one, shape.many);
  }
  const resource = reads ? extendedSchema(shape.of, query) : resourceSchema(shape.of, query);
  const isList = shape.kind === 'collection';
  const one = !isList && shape.nullable ? { allOf: [resource], nullable: true } : resource;
  const included = Object.values(query.include ?? {});
  return documentOf(isList ? arrayOf(resource) : one, isList, {
    ...(included.length > 0 && {
      included: arrayOf(alternatives(included.map((type) => resourceSchema(type, query)))),
    }),
    ...(isList && shape.total && { total: true }),
  });
}

function documentOf(data: Schema, isList: boolean, parts: { included?: Schema; total?: boolean } = {}): Schema {
  const meta = {
    agent_hints: object({ next_steps: arrayOf(text) }, []),
    ...(parts.total && { total: { type: 'integer' } }),
  };
  return object(
    {
      data,
      ...(parts.included && { included: parts.included }),
      links: isList
        ? object({ self: uri, prev: { ...uri, nullable: true }, next: { ...uri, nullable: true } }, ['self'])
        : selfLinks,
      meta: object(meta, []),
    },
    ['data', 'links'],
  );
}

/** A resource object as it is read: beside what it always has, what `additional-fields` adds to it. */
function extendedSchema(type: ResourceType, query: QuerySpec): Schema {
  const names = query.additionalOf?.type === type.type ? (type.additional ?? []) : [];
  if (names.length === 0) return resourceSchema(type, query);
  const shape = Object.entries(type.attributes.shape).filter(([name]) => names.includes(name));
  const attributes = toSchema(z.object(Object.fromEntries(shape as [string, z.ZodMiniType][])));
  return { allOf: [object({ attributes }, []), resourceSchema(type, {})] };
}

/** A resource object as an operation sends it: what must be asked for is there only where it can be. */
function resourceSchema(type: ResourceType, query: QuerySpec): Schema {
  const attributes = attributesSchema(type, query.additionalOf?.type === type.type);
  const relationships = Object.entries(type.relationships ?? {}).map(([name, spec]) => [name, relationship(spec)]);
  const hasAddress = type.path !== undefined && !type.anonymous;
  return object(
    {
      type: { type: 'string', enum: [type.type] },
      ...(!type.anonymous && { id: idSchema(type) }),
      ...(attributes && { attributes }),
      ...(relationships.length > 0 && { relationships: object(Object.fromEntries(relationships) as Schema, []) }),
      ...(hasAddress && { links: selfLinks }),
    },
    [
      'type',
      ...(type.anonymous ? [] : ['id']),
      ...(attributes ? ['attributes'] : []),
      ...(hasAddress ? ['links'] : []),
    ],
  );
}

function idSchema({ nullableId, ids }: ResourceType): Schema {
  return { ...text, ...(ids && { enum: ids }), ...(nullableId && { nullable: true }) };
}

function attributesSchema(type: ResourceType, offersAdditional: boolean): Schema | undefined {
  const shape = Object.entries(type.attributes.shape);
  if (shape.length === 0) return undefined;
  const hidden = offersAdditional ? [] : (type.additional ?? []);
  const sent = shape.filter(([name]) => !hidden.includes(name)) as [string, z.ZodMiniType][];
  return toSchema(z.object(Object.fromEntries(sent)));
}

function relationship({ type, many, relatedOnly }: RelationshipSpec): Schema {
  const one = linkage(type);
  const links = relatedOnly
    ? object({ related: uri }, ['related'])
    : object({ self: uri, related: uri }, ['self', 'related']);
  return object(
    {
      data: many ? arrayOf(one) : { ...one, nullable: true },
      links,
    },
    [],
  );
}

function linkage(type: string): Schema {
  return object({ type: { type: 'string', enum: [type] }, id: text }, ['type', 'id']);
}

function object(properties: Schema, required: readonly string[]): Schema {
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

function arrayOf(items: Schema): Schema {
  return { type: 'array', items };
}

function alternatives(schemas: Schema[]): Schema {
  const [only, ...more] = schemas;
  return only && more.length === 0 ? only : { oneOf: schemas };
}

const text: Schema = { type: 'string' };
const uri: Schema = { type: 'string', format: 'uri' };
const selfLinks = object({ self: uri }, ['self']);

/** The document of every refusal. */
export const errorDocument: Schema = object(
  {
    errors: arrayOf(
      object(
        {
          id: text,
          status: { type: 'integer' },
          code: text,
          title: text,
          detail: text,
          source: object({ pointer: text, parameter: text }, []),
          links: object({}, []),
          meta: object({}, []),
        },
        ['id', 'code', 'title', 'detail'],
      ),
    ),
  },
  ['errors'],
);
