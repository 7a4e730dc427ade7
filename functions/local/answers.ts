// What the local systems answer on their own paths.

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** In the place of `body`. */
  bytes?: Uint8Array;
}

/** An answer of JSON. */
export const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** An answer of plain text. */
export const text = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});
