// Documents: resources as the contract spells them, with links, sparse fieldsets and compound documents.
import { isPlainObject } from './bag.ts';
import type { Operation, ParsedQuery, Result } from './operation.ts';
import { fieldsetTypes } from './query/fieldsets.ts';
import { paramsOf } from './query/params.ts';
import type { Linkage, Resource, ResourceType } from './resource.ts';

/** What a document is made for. */
export interface Rendering {
  operation: Pick<Operation<never>, 'id' | 'query' | 'success'>;
  query: ParsedQuery;
  /** Absolute, without a trailing slash. */
  baseUrl: string;
  /** The path and raw query of the request, for `links.self`. */
  path: string;
  rawQuery: string;
  /** Makes the cursor of a position. */
  seal: (position: string) => string;
}

type Json = Record<string, unknown>;

/** The document of a result; undefined when the answer has no body. */
export function documentOf(result: Result, rendering: Rendering): Json | undefined {
  if ('empty' in result) return undefined;
  const links = linksOf(result, rendering);
  if ('linkage' in result) return { data: result.linkage, links };
  const typeNamed = typesOf(rendering);
  const render = (one: Resource) => resourceObject(one, typeNamed(one.type), rendering);
  const included = includedIn(result, rendering.query, render);
  if ('page' in result) {
    const meta = result.total === undefined ? undefined : { meta: { total: result.total } };
    return { data: result.page.resources.map(render), ...included, links, ...meta };
  }
  return { data: result.resource && render(result.resource), ...included, links };
}

/** One resource object. */
function resourceObject(resource: Resource, type: ResourceType, rendering: Rendering): Json {
  const self = selfLink(type, resource.id, rendering.baseUrl);
  const relationships = relationshipsOf(resource, type, self);
  const hasAttributes = Object.keys(type.attributes.shape).length > 0;
  return {
    type: type.type,
    ...(!type.anonymous && { id: resource.id }),
    ...(hasAttributes && { attributes: attributesOf(resource, type, rendering) }),
    ...(relationships && { relationships }),
    ...(self !== undefined && { links: { self } }),
  };
}

/** `https://host/api/things/id/`; undefined for types without an address. Ids keep `$` and `:` as the contract spells them. */
function selfLink(type: ResourceType, id: string, baseUrl: string): string | undefined {
  if (type.path === undefined || type.anonymous) return undefined;
  const segment = encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%24', '$');
  return `${baseUrl}/${type.root ?? 'api'}/${type.path}/${segment}/`;
}

function attributesOf(resource: Resource, type: ResourceType, { operation, query }: Rendering): Json {
  const asked = operation.query.additionalOf?.type === type.type ? query.additional : new Set<string>();
  const hidden = (type.additional ?? []).filter((name) => !asked.has(name));
  const shown = Object.entries(resource.attributes).filter(([name]) => !hidden.includes(name));
  const fields = query.fields.get(type.type);
  if (fields === undefined) return Object.fromEntries(shown);
  const tree = treeOf([...fields, ...asked]);
  return picked(Object.fromEntries(shown), tree);
}

/** Chosen paths by their first step; a step without followers is sent whole. */
type Tree = Map<string, Tree>;

function treeOf(paths: readonly string[]): Tree {
  const root: Tree = new Map();
  const whole = new Set(paths);
  for (const path of paths) {
    const steps = path.split('.');
    // A path whose ancestor was chosen too adds nothing: the ancestor is whole.
    if (steps.some((_, index) => index > 0 && whole.has(steps.slice(0, index).join('.')))) continue;
    let node = root;
    for (const step of steps) {
      const next: Tree = node.get(step) ?? new Map<string, Tree>();
      node.set(step, next);
      node = next;
    }
  }
  return root;
}

function picked(value: Json, tree: Tree): Json {
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const below = tree.get(key);
    if (below === undefined) return [];
    return [[key, below.size > 0 && isPlainObject(inner) ? picked(inner, below) : inner] as const];
  });
  return Object.fromEntries(entries);
}

function relationshipsOf(resource: Resource, type: ResourceType, self: string | undefined): Json | undefined {
  const entries = Object.entries(type.relationships ?? {}).flatMap(([name, spec]) => {
    const data = resource.relationships?.[name];
    const linked = self !== undefined && spec.linked !== false && spec.served !== false;
    if (data === undefined && !linked) return [];
    const links = linked && {
      links: { ...(!spec.relatedOnly && { self: `${self}relationships/${name}/` }), related: `${self}${name}/` },
    };
    return [[name, { ...(data !== undefined && { data }), ...links }] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** `included` once something was asked to be included: each resource once, none that stands in `data`. */
function includedIn(
  result: Extract<Result, { resource: unknown } | { page: unknown }>,
  query: ParsedQuery,
  render: (resource: Resource) => Json,
): Json | undefined {
  if (query.include.size === 0) return undefined;
  const primary = 'page' in result ? result.page.resources : result.resource ? [result.resource] : [];
  const seen = new Set(primary.map(key));
  const fresh = (result.included ?? []).filter((one) => !seen.has(key(one)) && seen.add(key(one)));
  return { included: fresh.map(render) };
}

function key({ type, id }: Linkage): string {
  return `${type}\n${id}`;
}

/** The declarations of the types that an operation can answer with. */
function typesOf({ operation }: Rendering): (type: string) => ResourceType {
  const { shape } = operation.success;
  const main = shape.kind === 'resource' || shape.kind === 'collection' ? shape.of : undefined;
  const others = fieldsetTypes(operation.query);
  return (type) => {
    const found = main?.type === type ? main : others.get(type);
    if (found === undefined) throw new Error(`${operation.id} answers with a ${type}, which it does not declare.`);
    return found;
  };
}

function linksOf(result: Result, rendering: Rendering): Json {
  const address = `${rendering.baseUrl}${rendering.path.replace(/\/$/, '')}/`;
  const params = paramsOf(rendering.rawQuery);
  const self = withQuery(address, params);
  const { shape } = rendering.operation.success;
  const isList = shape.kind === 'collection' || (shape.kind === 'linkage' && shape.many);
  if (!isList) {
    const next = 'resource' in result ? result.next : undefined;
    return {
      self,
      ...(next !== undefined && { next: withQuery(address, new Map([...params, ['page[cursor]', next]])) }),
    };
  }
  const positions: { next?: string; previous?: string } =
    'page' in result ? result.page : 'linkage' in result ? result : {};
  const at = (position: string | undefined) =>
    position === undefined
      ? null
      : withQuery(address, new Map([...params, ['page[cursor]', rendering.seal(position)]]));
  return { self, next: at(positions.next), prev: at(positions.previous) };
}

function withQuery(address: string, params: ReadonlyMap<string, string>): string {
  const pairs = [...params].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? address : `${address}?${pairs.join('&')}`;
}
