import { type ApiError, type Fault, errorCatalogue } from '../kernel/errors.ts';
import type { HttpResponse } from './http.ts';
import { mediaType, unkept } from './media.ts';

const longestDetail = 1000;

/** The response to a refusal. `newId` gives each error its UUID, which the caller can quote and the log can hold. */
export function errorResponse(
  error: ApiError,
  newId: () => string,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    status: error.status,
    headers: { 'content-type': mediaType, ...unkept, ...retryAfter(error), ...headers },
    body: JSON.stringify({ errors: error.faults.map((fault) => errorObject(fault, newId())) }),
  };
}

/** One fault as a JSON:API error object. */
function errorObject(fault: Fault, id: string) {
  const { status, title } = errorCatalogue[fault.code];
  const detail = fault.detail.slice(0, longestDetail).toWellFormed();
  return { id, status, code: fault.code, title, detail, source: fault.source ?? {}, links: {}, meta: fault.meta ?? {} };
}

/** Callers that were turned away for now are told when to come back: `meta.retry_after` in seconds, 1 when nothing is said. */
function retryAfter(error: ApiError): Record<string, string> {
  if (error.status !== 429 && error.status !== 503) return {};
  const seconds = error.faults[0].meta?.['retry_after'];
  return { 'retry-after': String(typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : 1) };
}
