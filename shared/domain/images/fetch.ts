import { refuse } from '../../kernel/errors.ts';
import { second } from '../../kernel/time.ts';
import { type HttpReply, HttpRefused, type Ports } from '../../ports.ts';
import { largestImage } from './image.ts';

const pointer = '/data/attributes/import_from_url';
const refusal = (detail: string) => refuse('invalid', detail, pointer);

/** The bytes behind an https address or in a data URI; a 400 when nothing can be had there. */
export async function bytesAt(ports: Pick<Ports, 'http'>, address: string): Promise<Uint8Array> {
  const [, encoded] = /^data:image\/[\w.+-]{1,40};base64,([A-Za-z0-9+/=\s]*)$/i.exec(address) ?? [];
  if (encoded !== undefined) return Buffer.from(encoded, 'base64');
  if (/^data:/i.test(address)) throw refusal('A data URI of an image is written data:image/png;base64,...');
  const { status, body } = await replyOf(ports, address);
  if (status !== 200) throw refusal(`The server answered ${status}.`);
  return body;
}

async function replyOf({ http }: Pick<Ports, 'http'>, url: string): Promise<HttpReply> {
  try {
    return await http.request({ method: 'GET', url, deadline: 10 * second, largest: largestImage, redirects: 3 });
  } catch (error) {
    throw refusal(error instanceof HttpRefused ? error.message : 'The server did not answer in time.');
  }
}

/** The last part of the path, by which an image is called when nobody says otherwise. */
export function nameIn(address: string): string {
  if (!URL.canParse(address)) return 'image';
  const { protocol, pathname } = new URL(address);
  const last = protocol === 'https:' ? pathname.split('/').at(-1) : '';
  return last === undefined || last === '' ? 'image' : last.slice(0, 255);
}
