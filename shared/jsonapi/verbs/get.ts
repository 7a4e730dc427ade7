import type { Operation, Result } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, stated } from './common.ts';

/** `GET /api/things/{id}`. `run` refuses with a 404 when there is none. */
export function get<Context>(
  declaration: Declaration & {
    resource: ResourceType;
    run: Run<Context, undefined, Extract<Result, { resource: unknown }>>;
  },
): Operation<Context> {
  const { resource, run, path = `${collectionPath(resource)}/{id}` } = declaration;
  return {
    ...stated(declaration),
    method: 'GET',
    path,
    success: { status: 200, shape: { kind: 'resource', of: resource } },
    run: (input, context) => run({ ...input, body: undefined }, context),
  };
}
