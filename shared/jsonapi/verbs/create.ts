import type * as z from 'zod/mini';
import type { Operation, Result } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, stated } from './common.ts';

/** `POST /api/things` with a `requestDocument`; answers with the resource, 201. */
export function create<Context, Body>(
  declaration: Declaration & {
    resource: ResourceType;
    body: z.ZodMiniType<Body>;
    run: Run<Context, Body, Extract<Result, { resource: unknown }>>;
  },
): Operation<Context> {
  const { resource, body, run, path = collectionPath(resource) } = declaration;
  return {
    ...stated(declaration),
    method: 'POST',
    path,
    body,
    success: { status: 201, shape: { kind: 'resource', of: resource } },
    // The pipeline has parsed the body with `body`.
    run: (input, context) => run({ ...input, body: input.body as Body }, context),
  };
}
