// What a definition can choose: of each kind of condition its operators, and what narrows it down. Taken from the grammar
// itself, so that nothing the API takes can be left out of a test unseen.
import * as z from 'zod/mini';
import { segmentDefinition } from '../../shared/domain/segments/definition.ts';

interface Node {
  const?: unknown;
  enum?: readonly unknown[];
  type?: string;
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
  oneOf?: readonly Node[];
  anyOf?: readonly Node[];
  $ref?: string;
  $defs?: Readonly<Record<string, Node>>;
}

const definition = z.toJSONSchema(segmentDefinition) as Node;
const conditions = definition.properties?.['condition_groups']?.items?.properties?.['conditions']?.items ?? {};

/** The forms that something may take, each for itself. */
function alternativesOf(node: Node): readonly Node[] {
  if (node.$ref !== undefined) return alternativesOf(definition.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {});
  return (node.oneOf ?? node.anyOf)?.flatMap(alternativesOf) ?? [node];
}

/** What a node allows by name; undefined when it names nothing. */
function namesOf(node: Node): readonly unknown[] | undefined {
  if (node.const !== undefined) return [node.const];
  if (node.enum) return node.enum;
  return node.type === 'boolean' ? [true, false] : undefined;
}

/** Whether a part of a condition is of this alternative. */
function fits(node: Node, part: unknown): boolean {
  if (node.items)
    return Array.isArray(part) && part.every((one) => alternativesOf(node.items ?? {}).some((it) => fits(it, one)));
  if (!node.properties) return namesOf(node)?.includes(part) ?? typeof part !== 'object';
  if (typeof part !== 'object' || part === null) return false;
  const given = part as Record<string, unknown>;
  return Object.entries(node.properties).every(([name, inner]) => {
    const value = given[name];
    if (value === undefined || value === null) return inner.const === undefined;
    return alternativesOf(inner).some((one) => fits(one, value));
  });
}

/** Walks what can be chosen; with `part` only what it chose. `at` is what was chosen on the way, `kind` the condition's type. */
function* walk(node: Node, at: string, kind: string, part?: unknown): Generator<string> {
  for (const one of alternativesOf(node)) {
    if (part !== undefined && !fits(one, part)) continue;
    if (one.items) {
      const parts: unknown[] = part === undefined ? [undefined] : (part as unknown[]);
      for (const inner of parts) yield* walk(one.items, at, kind, inner);
    } else if (one.properties) yield* ofObject(one.properties, at, kind, part as Record<string, unknown> | undefined);
    if (part !== undefined) return;
  }
}

function* ofObject(
  properties: Readonly<Record<string, Node>>,
  at: string,
  kind: string,
  part?: Record<string, unknown>,
): Generator<string> {
  const { operator, type } = properties;
  if (operator) {
    const chosen =
      part === undefined ? alternativesOf(operator).flatMap((one) => namesOf(one) ?? []) : [part['operator']];
    for (const one of chosen) yield `${kind}: ${String(type?.const)} ${String(one)}`;
    return;
  }
  const entries = Object.entries(properties);
  const fixed = entries.filter(([name, inner]) => name !== 'type' && inner.const !== undefined);
  const place = [at, ...fixed.map(([name, inner]) => `${name} ${String(inner.const)}`)].join(' ');
  if (fixed.length > 0) yield place;
  for (const [name, inner] of entries) {
    if (name === 'type' || inner.const !== undefined) continue;
    const value = part?.[name];
    if (part !== undefined && (value === undefined || value === null)) continue;
    const named = alternativesOf(inner).flatMap((one) => namesOf(one) ?? []);
    if (named.length > 0) {
      for (const one of part === undefined ? named : [value]) yield `${place} ${name} ${String(one)}`;
    } else yield* walk(inner, place, kind, value);
  }
}

const unique = (all: Iterable<string>) => [...new Set(all)];

const kindOf = (node: Node) => String(node.properties?.['type']?.const);

/** Everything that conditions can choose, but for those on custom objects, which are refused. */
export const allChoices: readonly string[] = unique(
  alternativesOf(conditions)
    .filter((one) => kindOf(one) !== 'profile-has-custom-object')
    .flatMap((one) => [kindOf(one), ...walk(one, kindOf(one), kindOf(one))]),
);

/** What one condition chose. */
export function choicesIn(condition: object): string[] {
  const { type } = condition as { type: string };
  const own = { oneOf: alternativesOf(conditions).filter((one) => kindOf(one) === type) };
  return unique([type, ...walk(own, type, type, condition)]);
}
