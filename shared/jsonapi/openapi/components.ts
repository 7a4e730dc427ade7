import { isPlainObject } from '../bag.ts';

/** Where zod puts the schemas that have a name. */
const definitions = 'definitions';

/** `node` with its named schemas moved to `components`, and its references led there. */
export function gathered(node: unknown, components: Record<string, unknown>): unknown {
  if (Array.isArray(node)) return node.map((one) => gathered(one, components));
  if (!isPlainObject(node)) return node;
  const { [definitions]: named = {}, ...own } = node;
  for (const [name, schema] of Object.entries(named as Record<string, unknown>)) {
    components[name] ??= gathered(schema, components);
  }
  const entries = Object.entries(own).map(([key, value]): [string, unknown] => {
    if (key === '$ref' && typeof value === 'string')
      return [key, value.replace(`#/${definitions}/`, '#/components/schemas/')];
    return [key, key === 'properties' ? eachGathered(value, components) : gathered(value, components)];
  });
  return Object.fromEntries(entries);
}

/** Properties may have any name, that of zod's place for schemas too. */
function eachGathered(properties: unknown, components: Record<string, unknown>): unknown {
  if (!isPlainObject(properties)) return properties;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, gathered(schema, components)]));
}
