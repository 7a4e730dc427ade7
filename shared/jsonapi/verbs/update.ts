import type * as z from 'zod/mini';
import type { Operation, Result } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, stated } from './common.ts';

/** `PATCH /api/things/{id}` with a `requestDocument` whose id is required; the pipeline refuses another id than the path's. */
export function update<Context, Body>(
  declaration: Declaration & {
    resource: ResourceType;
    body: z.ZodMiniType<Body>;
    run: Run<Context, Body, Extract<Result, { resource: unknown }>>;
  },
): Operation<Context> {
  const { resource, body, run, path = `${collectionPath(resource)}/{id}` } = declaration;
  return {
    ...stated(declaration),
    method: 'PATCH',
    path,
    body,
    success: { status: 200, shape: { kind: 'resource', of: resource } },
    run: (input, context) => run({ ...input, body: input.body as Body }, context),
  };
}
