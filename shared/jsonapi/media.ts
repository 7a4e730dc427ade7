import { refuse } from '../kernel/errors.ts';

/** The media type of every document we send. */
export const mediaType = 'application/vnd.api+json';

const taken = ['application/json', mediaType];
const utf8 = ['utf-8', 'utf8'];
const acceptable = new Set(['*/*', 'application/*', ...taken]);

/** Refuses a body that says it is something else than JSON in UTF-8, or than the `form` the operation takes. A request that does not say is believed. */
export function checkContentType(headers: Readonly<Record<string, string>>, form?: string): void {
  const header = headers['content-type'] ?? '';
  const [type = '', ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (form !== undefined) {
    if (type !== form) throw refuse('unsupported_media_type', `Send the body as ${form}.`);
    return;
  }
  const charset = parameters
    .find((one) => one.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (type === '' || (taken.includes(type) && (charset === undefined || utf8.includes(charset)))) return;
  throw refuse('unsupported_media_type', `Send the body as ${mediaType} or application/json, in UTF-8.`);
}

/** Refuses a caller that takes no kind of JSON. */
export function checkAccept(headers: Readonly<Record<string, string>>): void {
  const header = headers['accept'];
  if (header === undefined || header.trim() === '') return;
  if (header.toLowerCase().split(',').some(takesJson)) return;
  throw refuse('not_acceptable', `Answers are ${mediaType}. Accept that, application/json or */*.`);
}

function takesJson(range: string): boolean {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const refused = parameters.some((one) => /^q=0(\.0*)?$/.test(one));
  return !refused && (acceptable.has(type) || type.endsWith('+json'));
}

/** Answers hold personal data of whoever has the key: nobody on the way may keep them. */
export const unkept = { 'cache-control': 'no-store' } as const;
