// HTTP as the engine sees it: the Lambda chain and the local server translate to and from these.

/** A request. Header names are lower case; `query` is raw, without the question mark; `path` is raw, percent-encoded. */
export interface HttpRequest {
  method: string;
  path: string;
  query: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  ip?: string;
}

/** A response. `body` is absent for 204 and for 202 without a document. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body?: string;
}
