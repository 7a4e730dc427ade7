import type { Operation, Result } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, stated } from './common.ts';

interface Relation {
  /** The resource that has the relationship. */
  resource: ResourceType;
  /** The relationship's name, as in the path. */
  relationship: string;
}

/** `GET /api/things/{id}/others`: the resources at the other end of a to-many relationship. */
export function relatedMany<Context>(
  declaration: Declaration &
    Relation & { of: ResourceType; run: Run<Context, undefined, Extract<Result, { page: unknown }>> },
): Operation<Context> {
  const { resource, relationship, of, run } = declaration;
  return {
    ...stated(declaration),
    method: 'GET',
    path: declaration.path ?? `${collectionPath(resource)}/{id}/${relationship}`,
    success: { status: 200, shape: { kind: 'collection', of } },
    run: (input, context) => run({ ...input, body: undefined }, context),
  };
}

/** `GET /api/things/{id}/other`: the resource at the other end of a to-one relationship. */
export function relatedOne<Context>(
  declaration: Declaration &
    Relation & { of: ResourceType; run: Run<Context, undefined, Extract<Result, { resource: unknown }>> },
): Operation<Context> {
  const { resource, relationship, of, run } = declaration;
  return {
    ...stated(declaration),
    method: 'GET',
    path: declaration.path ?? `${collectionPath(resource)}/{id}/${relationship}`,
    success: { status: 200, shape: { kind: 'resource', of, nullable: true } },
    run: (input, context) => run({ ...input, body: undefined }, context),
  };
}

/** `GET /api/things/{id}/relationships/others`: `{type, id}` of what is at the other end. */
export function relationship<Context>(
  declaration: Declaration &
    Relation & {
      /** The type of the other end. */
      of: string;
      many: boolean;
      run: Run<Context, undefined, Extract<Result, { linkage: unknown }>>;
    },
): Operation<Context> {
  const { resource, relationship: name, of, many, run } = declaration;
  return {
    ...stated(declaration),
    method: 'GET',
    path: declaration.path ?? `${collectionPath(resource)}/{id}/relationships/${name}`,
    success: { status: 200, shape: { kind: 'linkage', of, many } },
    run: (input, context) => run({ ...input, body: undefined }, context),
  };
}
