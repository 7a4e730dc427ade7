// Resources that others include, though the areas that own them come later.
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { Context } from '../context.ts';

/** A collection that a resource can include, brought by the area that owns it; loaded by the resource's id. */
export interface Related {
  of: ResourceType;
  load: (context: Context, id: string) => Promise<readonly Resource[]>;
}

/** The resources linked to what `include` names of their relationships, and all that these lead to. */
export async function withRelated(
  context: Context,
  resources: readonly Resource[],
  relationships: Readonly<Record<string, Related>>,
  include: ReadonlySet<string>,
): Promise<{ resources: Resource[]; included: Resource[] }> {
  const wanted = Object.entries(relationships).filter(([name]) => include.has(name));
  const found = await Promise.all(
    resources.map(({ id }) =>
      Promise.all(wanted.map(async ([name, { load }]) => ({ name, others: await load(context, id) }))),
    ),
  );
  const linkage = (others: readonly Resource[]) => others.map(({ type, id }) => ({ type, id }));
  return {
    resources: resources.map((resource, i) => {
      const links = found[i]?.map(({ name, others }) => [name, linkage(others)] as const) ?? [];
      return { ...resource, relationships: { ...resource.relationships, ...Object.fromEntries(links) } };
    }),
    included: found.flat().flatMap(({ others }) => others),
  };
}

/** One resource, linked likewise. */
export async function oneWithRelated(
  context: Context,
  resource: Resource,
  relationships: Readonly<Record<string, Related>>,
  include: ReadonlySet<string>,
): Promise<{ resource: Resource; included: Resource[] }> {
  const { resources, included } = await withRelated(context, [resource], relationships, include);
  return { resource: resources[0] ?? resource, included };
}
