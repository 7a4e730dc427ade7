// Refusals: everything we say no to. Any other thrown value is a fault and becomes a logged 500 without detail.

/** One kind of refusal: its HTTP status and the title that goes with its code. */
const catalogue = {
  invalid: { status: 400, title: 'Invalid input.' },
  missing: { status: 400, title: 'A required field is missing.' },
  not_allowed: { status: 400, title: 'Not supported.' },
  parse_error: { status: 400, title: 'The request could not be parsed.' },
  invalid_revision: { status: 400, title: 'Invalid revision.' },
  invalid_cursor: { status: 400, title: 'Invalid page cursor.' },
  not_authenticated: { status: 401, title: 'Authentication credentials were not provided.' },
  authentication_failed: { status: 401, title: 'Incorrect authentication credentials.' },
  permission_denied: { status: 403, title: 'You do not have permission to perform this action.' },
  not_found: { status: 404, title: 'Not found.' },
  method_not_allowed: { status: 405, title: 'Method not allowed.' },
  not_acceptable: { status: 406, title: 'Not acceptable.' },
  duplicate_profile: { status: 409, title: 'Conflict.' },
  conflict: { status: 409, title: 'Conflict.' },
  gone: { status: 410, title: 'This revision is no longer answered.' },
  payload_too_large: { status: 413, title: 'Payload too large.' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type.' },
  throttled: { status: 429, title: 'Request was throttled.' },
  unavailable: { status: 503, title: 'Temporarily unavailable.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof catalogue;

/** Every refusal code with its status and title; docs/errors.md is held against it. */
export const errorCatalogue: Readonly<Record<ErrorCode, { status: number; title: string }>> = catalogue;

/** Where in the request the fault lies: a JSON pointer into the body, or a query parameter. */
export interface ErrorSource {
  pointer?: string;
  parameter?: string;
}

/** One fault of a request; a refusal carries one or more. */
export interface Fault {
  code: ErrorCode;
  detail: string;
  source?: ErrorSource;
  meta?: Record<string, unknown>;
}

/** A refusal that travels to the caller as a JSON:API error document. The first fault decides the status. */
export class ApiError extends Error {
  readonly faults: readonly [Fault, ...Fault[]];

  constructor(first: Fault, ...rest: Fault[]) {
    super(first.detail);
    this.name = 'ApiError';
    this.faults = [first, ...rest];
  }

  get status(): number {
    return catalogue[this.faults[0].code].status;
  }
}

/** A refusal with one fault. `at` is a JSON pointer when it begins with a slash, a query parameter otherwise. */
export function refuse(code: ErrorCode, detail: string, at?: string, meta?: Record<string, unknown>): ApiError {
  const source = at === undefined ? undefined : at.startsWith('/') ? { pointer: at } : { parameter: at };
  return new ApiError({ code, detail, ...(source && { source }), ...(meta && { meta }) });
}

/** The 404 of a resource, worded as the API words it; `at` is where a body names it. */
export function notFound(type: string, id: string, at?: string): ApiError {
  return refuse('not_found', `A ${type} with id ${id} does not exist.`, at);
}

/** What a thrown value is called: of errors that may quote people's data nothing else is logged. */
export const nameOfError = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
