/**
 * How long our calls to AWS may take. A call that hangs is given up while the function still has time to retry it;
 * the SDK retries three times, with backoff, what is safe to send again.
 */
export const patience = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};

/** Splits a list into pieces of at most `count` items and, unless one alone is larger, `bytes` bytes by `sizeOf`. */
export function chunks<T>(items: readonly T[], count: number, bytes: number, sizeOf: (item: T) => number): T[][] {
  const pieces: T[][] = [];
  let piece: T[] = [];
  let size = 0;
  for (const item of items) {
    const more = sizeOf(item);
    if (piece.length === count || (piece.length > 0 && size + more > bytes)) {
      pieces.push(piece);
      piece = [];
      size = 0;
    }
    piece.push(item);
    size += more;
  }
  return piece.length > 0 ? [...pieces, piece] : pieces;
}
