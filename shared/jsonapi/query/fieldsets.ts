import * as z from 'zod/mini';
import type { QuerySpec } from '../operation.ts';
import type { ResourceType } from '../resource.ts';

const known = new WeakMap<z.core.$ZodType, readonly string[]>();

/**
 * What `fields[type]` may name for a resource: `id`, and every path through its objects (`address.city`), sorted. Lists are
 * chosen whole. Attributes that must be asked for count only where the operation offers them.
 */
export function fieldsOf(resource: ResourceType, offersAdditional: boolean): string[] {
  const hidden = offersAdditional ? [] : (resource.additional ?? []);
  const isHidden = (path: string) => hidden.some((name) => path === name || path.startsWith(`${name}.`));
  const paths = pathsOf(resource.attributes).filter((path) => !isHidden(path));
  return [...new Set(['id', ...paths])].sort();
}

/** The types whose `fields[type]` an operation takes, by type. */
export function fieldsetTypes(query: QuerySpec): ReadonlyMap<string, ResourceType> {
  const types = [...(query.fieldsOf ?? []), ...Object.values(query.include ?? {})];
  return new Map(types.map((resource) => [resource.type, resource]));
}

/** The paths of a schema's objects; the alternatives of a union all count. */
function pathsOf(schema: z.core.$ZodType): readonly string[] {
  const before = known.get(schema);
  if (before) return before;
  known.set(schema, []);
  const paths = inner(schema);
  known.set(schema, paths);
  return paths;
}

function inner(schema: z.core.$ZodType): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object')
    return Object.entries(def.shape).flatMap(([key, field]) => [
      key,
      ...pathsOf(field).map((path) => `${key}.${path}`),
    ]);
  if (def.type === 'union') return [...new Set(def.options.flatMap((option) => pathsOf(option)))];
  if (def.type === 'intersection') return [...pathsOf(def.left), ...pathsOf(def.right)];
  if (def.type === 'pipe') return [...pathsOf(def.in)];
  if (def.type === 'lazy') return [...pathsOf(def.getter())];
  return 'innerType' in def ? [...pathsOf(def.innerType)] : [];
}
