import { refuse } from '../kernel/errors.ts';

/** A file of a form. `content` holds a character for each byte (Latin-1). */
export interface UploadedFile {
  name: string;
  type: string;
  content: string;
}

const maxParts = 20;

/**
 * The fields of a multipart/form-data body that holds a character for each byte. Texts are decoded as UTF-8, `true` and
 * `false` become booleans, parts with a file name become files. Of equal names the last wins.
 */
export function parseMultipart(body: string, contentType: string): Record<string, string | boolean | UploadedFile> {
  const boundary = boundaryOf(contentType);
  // A line break before the first boundary as before every other, so that contents cannot be mistaken for one.
  const [, ...parts] = `\r\n${body}`.split(`\r\n--${boundary}`);
  const closed = parts.pop()?.startsWith('--') === true;
  if (!closed) throw malformed('the closing boundary is missing');
  if (parts.length > maxParts) throw malformed(`it has more than ${maxParts} parts`);
  return Object.fromEntries(parts.map(readPart));
}

function boundaryOf(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed('the Content-Type names no boundary');
  return boundary;
}

function readPart(part: string): [string, string | boolean | UploadedFile] {
  const end = part.indexOf('\r\n\r\n');
  if (end < 0) throw malformed('a part has no headers');
  const headers = part.slice(0, end);
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(headers)?.[1] ?? '';
  const name = quotedIn(disposition, 'name');
  if (name === undefined) throw malformed('a part has no name');
  const content = part.slice(end + 4);
  const filename = quotedIn(disposition, 'filename');
  if (filename === undefined) return [name, textOf(content)];
  const type = /^content-type:\s*(\S+)/im.exec(headers)?.[1] ?? 'application/octet-stream';
  return [name, { name: filename, type, content }];
}

function quotedIn(disposition: string, key: string): string | undefined {
  const found = new RegExp(`(?:^|[;\\s])${key}="([^"]{0,500})"`, 'i').exec(disposition)?.[1];
  return found === undefined ? undefined : utf8(found);
}

function textOf(content: string): string | boolean {
  const text = utf8(content);
  return text === 'true' ? true : text === 'false' ? false : text;
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function malformed(why: string) {
  return refuse('parse_error', `The body is not valid multipart/form-data: ${why}.`, '/data');
}
