import * as z from 'zod/mini';
import type { Operation } from '../operation.ts';
import type { ResourceType } from '../resource.ts';
import { type Declaration, type Run, collectionPath, linkage, stated } from './common.ts';

/** `POST`, `PATCH` or `DELETE /api/things/{id}/relationships/others` with `{data: [{type, id}]}`: 204. */
export function relate<Context>(
  declaration: Declaration & {
    resource: ResourceType;
    relationship: string;
    method: 'POST' | 'PATCH' | 'DELETE';
    /** The type of the other end. */
    of: string;
    /** At most this many in one call. */
    max: number;
    /** Gets the ids. */
    run: Run<Context, readonly string[], void>;
  },
): Operation<Context> {
  const { resource, relationship, method, of, max, run } = declaration;
  const body = z.strictObject({
    data: z.array(linkage(of)).check(z.maxLength(max, `At most ${max} ${of}s fit in one call.`)),
  });
  return {
    ...stated(declaration),
    method,
    path: declaration.path ?? `${collectionPath(resource)}/{id}/relationships/${relationship}`,
    body,
    success: { status: 204, shape: { kind: 'empty' } },
    run: async (input, context) => {
      const { data } = input.body as z.infer<typeof body>;
      await run({ ...input, body: data.map((one) => one.id) }, context);
      return { empty: true };
    },
  };
}
