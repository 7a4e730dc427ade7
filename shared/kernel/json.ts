/**
 * JSON for a queue's message body. Queues take the characters of XML 1.0 only; `JSON.stringify` escapes all others
 * (control characters, lone surrogates) but these two, which can only stand inside strings.
 */
export function toQueueText(value: unknown): string {
  return JSON.stringify(value).replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');
}

/** Whether two values are not the same as JSON; what is missing is null. */
export const differ = (a: unknown, b: unknown): boolean =>
  a !== b && JSON.stringify(a ?? null) !== JSON.stringify(b ?? null);
