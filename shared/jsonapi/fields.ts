// The vocabulary of attributes: bag text timestamp flag number integer oneOf maybe list anyOf file component. Thin
// over zod/mini, and each says of itself in OpenAPI what it is; anything they do not cover is written with zod directly.
import * as z from 'zod/mini';
import { type Bag, type BagLimits, faultsOfBag, isPlainObject } from './bag.ts';
import { normalInstant } from './instant.ts';
import type { UploadedFile } from './multipart.ts';

export type { Bag, BagLimits } from './bag.ts';

interface Limits {
  min?: number;
  max?: number;
}

/** A string. `min` and `max` count characters (code points), as JSON Schema does. */
export function text(limits: Limits = {}) {
  const { min, max } = limits;
  const said = { ...(min !== undefined && { minLength: min }), ...(max !== undefined && { maxLength: max }) };
  return z
    .string()
    .register(z.globalRegistry, said)
    .check(({ value, issues }) => {
      const fault = faultOfLength(value, limits);
      if (fault) issues.push({ ...fault, origin: 'string', inclusive: true, input: value });
    });
}

/** No text has more characters than it has units, nor fewer than half: most need not be counted. */
function faultOfLength(value: string, { min = 0, max = Infinity }: Limits) {
  if (value.length <= max && value.length >= 2 * min) return undefined;
  const length = value.length > 2 * max ? Infinity : Array.from(value).length;
  if (length > max) return { code: 'too_big' as const, maximum: max };
  return length < min ? { code: 'too_small' as const, minimum: min } : undefined;
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
export function number(limits: Limits = {}) {
  return z.number().check(...bounds(limits));
}

/** A whole number that a double holds exactly. */
export function integer(limits: Limits = {}) {
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
export function list<Schema extends z.ZodMiniType>(schema: Schema, limits: Limits = {}) {
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

function bounds(limits: Limits) {
  return [
    ...(limits.min === undefined ? [] : [z.gte(limits.min)]),
    ...(limits.max === undefined ? [] : [z.lte(limits.max)]),
  ];
}
