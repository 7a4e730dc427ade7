import { imageAt } from '../../shared/domain/images/index.ts';
import type { HttpRequest, HttpResponse } from '../../shared/jsonapi/http.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import type { Ports } from '../../shared/ports.ts';

/** An address of an image; its parts are the account, the id and the format. */
const address = /^\/p\/images\/([0-9A-Za-z]{1,32})\/([0-9A-Z]{26})\.(jpeg|png|gif)$/;

/** What is under an address never changes: whoever has it may keep it. */
const headers = {
  'cache-control': 'public, max-age=31536000, immutable',
  // Whatever the bytes are besides an image, nothing in them runs.
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
};

/** The image of an address; undefined when the path is none of an image that there is. */
export async function answerImage(ports: Ports, { path }: HttpRequest): Promise<HttpResponse | undefined> {
  const [, account, id, format] = address.exec(path) ?? [];
  if (account === undefined || id === undefined || format === undefined) return undefined;
  const found = await imageAt(ports, accountId(account), id, format);
  return found && { status: 200, headers: { ...headers, 'content-type': found.mediaType }, bytes: found.bytes };
}
