// The vocabulary of attributes: bag text timestamp flag number integer oneOf maybe list anyOf file component. Thin
// over zod/mini, and each says of itself in OpenAPI what it is; anything they do not cover is written with zod directly.
import * as z from 'zod/mini';
import { type Bag, type BagLimits, faultsOfBag, isPlainObject } from './bag.ts';
import { normalInstant } from './instant.ts';
import type { UploadedFile } from './multipart.ts';

export type { Bag, BagLimits } from './bag.ts';

/** A string. `min` and `max` count UTF-16 units, as JSON Schema does. */
export function text(limits: { min?: number; max?: number } = {}) {
  const checks = [
    ...(limits.min === undefined ? [] : [z.minLength(limits.min)]),
    ...(limits.max === undefined ? [] : [z.maxLength(limits.max)]),
  ];
  return z.string().check(...checks);
}

/** An ISO 8601 datetime, kept as text; what has no offset is taken for UTC and gets one. */
export function timestamp() {
  return z
    .string()
    .register(z.globalRegistry, { format: 'date-time' })
    .check(
      z.refine((value) => normalInstant(value) !== undefined, {
        error: 'must be an ISO 8601 datetime such as 2026-01-31T09:30:00+00:00',
        abort: true,
      }),
      z.overwrite((value) => normalInstant(value) ?? value),
    );
}

/** true or false. */
export function flag() {
  return z.boolean();
}

/** A finite number. */
export function number(limits: { min?: number; max?: number } = {}) {
  return z.number().check(...bounds(limits));
}

/** A whole number that a double holds exactly. */
export function integer(limits: { min?: number; max?: number } = {}) {
  return z.int().check(...bounds(limits));
}

/** One of these strings. */
export function oneOf<const Value extends string>(...values: readonly [Value, ...Value[]]) {
  return z.enum(values);
}

/** May be absent and may be null. */
export function maybe<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.optional(z.nullable(schema));
}

/** An array of `schema` with at most `max` entries. */
export function list<Schema extends z.ZodMiniType>(schema: Schema, limits: { min?: number; max?: number } = {}) {
  const checks = [
    ...(limits.min === undefined ? [] : [z.minLength(limits.min)]),
    ...(limits.max === undefined ? [] : [z.maxLength(limits.max)]),
  ];
  return z.array(schema).check(...checks);
}

/** Any of these schemas; the faults of a bad value are those of the alternative that comes closest. */
export function anyOf<const Schemas extends readonly z.ZodMiniType[]>(...schemas: Schemas) {
  return z.union(schemas);
}

/**
 * An object whose keys the caller chooses. The very object that was sent is handed on, own `__proto__` and `constructor` keys
 * included: store it as one JSON string.
 */
export function bag(limits: BagLimits = {}) {
  return z
    .custom<Bag>()
    .register(z.globalRegistry, { type: 'object' })
    .check((context) => {
      for (const fault of faultsOfBag(context.value, limits))
        context.issues.push({ code: 'custom', input: context.value, ...fault });
    });
}

/** A schema that OpenAPI describes once, by this name, however often it is used. Not for schemas that may be null. */
export function component<Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema {
  z.globalRegistry.add(schema, { id: name });
  return schema;
}

/** A file of a multipart form. */
export function file() {
  return z
    .custom<UploadedFile>((value) => isPlainObject(value) && 'content' in value, 'must be a file')
    .register(z.globalRegistry, { type: 'string', format: 'binary' });
}

function bounds(limits: { min?: number; max?: number }) {
  return [
    ...(limits.min === undefined ? [] : [z.gte(limits.min)]),
    ...(limits.max === undefined ? [] : [z.lte(limits.max)]),
  ];
}
