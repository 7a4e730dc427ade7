// A request and a response as the engine sees them, whoever carries them.

export interface HttpRequest {
  method: string;
  /** Percent-encoded, without the query: `/api/profiles/01H`. Decode each segment once, after splitting. */
  path: string;
  /** The raw query, without the question mark; empty when there is none. */
  query: string;
  /** Lower-case names; a header that came twice is one value, joined by commas. */
  headers: Readonly<Record<string, string>>;
  /** Text; of a form (multipart/form-data) a character for each byte. */
  body?: string;
  /** Where the caller sits, as the gateway saw it. */
  ip?: string;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body?: string;
  /** In the place of `body`: what is no text. */
  bytes?: Uint8Array;
}
