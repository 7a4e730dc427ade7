import type { Operation } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, stated } from './common.ts';

/** `DELETE /api/things/{id}`: 204. */
export function remove<Context>(
  declaration: Declaration & { resource: ResourceType; run: Run<Context, undefined, void> },
): Operation<Context> {
  const { resource, run, path = `${collectionPath(resource)}/{id}` } = declaration;
  return {
    ...stated(declaration),
    method: 'DELETE',
    path,
    success: { status: 204, shape: { kind: 'empty' } },
    run: async (input, context) => {
      await run({ ...input, body: undefined }, context);
      return { empty: true };
    },
  };
}
