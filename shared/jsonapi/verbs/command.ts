import type * as z from 'zod/mini';
import type { Method, Operation, Result, SuccessShape } from '../operation.ts';
import { type Declaration, type Run, stated } from './common.ts';

/** An operation of its own kind: its method, path, body and answer are stated in full. */
export function command<Context, Body>(
  declaration: Declaration & {
    path: string;
    method?: Method;
    body: z.ZodMiniType<Body>;
    status: number;
    /** Other statuses that a result may choose, with the same document. */
    also?: readonly number[];
    answers: SuccessShape;
    run: Run<Context, Body, Result>;
  },
): Operation<Context> {
  const { path, method = 'POST', body, status, also, answers, run } = declaration;
  return {
    ...stated(declaration),
    method,
    path,
    body,
    success: { status, ...(also && { also }), shape: answers },
    run: (input, context) => run({ ...input, body: input.body as Body }, context),
  };
}
