import type { Operation, Result } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, stated } from './common.ts';

/** `GET /api/things`: a page of a collection. */
export function list<Context>(
  declaration: Declaration & {
    resource: ResourceType;
    /** The answer says in `meta.total` how many there are in all. */
    total?: true;
    run: Run<Context, undefined, Extract<Result, { page: unknown }>>;
  },
): Operation<Context> {
  const { resource, run, path = collectionPath(resource), total = false } = declaration;
  return {
    ...stated(declaration),
    method: 'GET',
    path,
    success: { status: 200, shape: { kind: 'collection', of: resource, total } },
    run: (input, context) => run({ ...input, body: undefined }, context),
  };
}
