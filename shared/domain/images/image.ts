// Images: what is known of them is a definition, their bytes lie in a file and never change under one id.
import { notFound, refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import type { Ports } from '../../ports.ts';
import { changeDefinition, createDefinition, definitionItem, firstVersion } from '../../storage/definitions.ts';
import type { DefinitionItem } from '../../storage/items.ts';
import { definitionKey } from '../../storage/patterns.ts';
import { type ImageFormat, formatOf, mediaTypeOf } from './kinds.ts';

/** Klaviyo takes 5 MB; an answer of a Lambda function, encoded as base64, holds this much. */
export const largestImage = 4_500_000;

interface ImageData {
  format: ImageFormat;
  /** Bytes. */
  size: number;
  hidden: boolean;
}

/** An account and an image are named in the address; who does not know the id does not find it. */
const fileOf = (account: AccountId, id: string) => `${account}/images/${id}`;

/** Makes an image. Refuses what is no JPEG, PNG or GIF, or too large; `pointer` leads to it in the request. */
export async function createImage(
  ports: Ports,
  account: AccountId,
  { name, hidden, bytes }: { name: string; hidden: boolean; bytes: Uint8Array },
  pointer: string,
): Promise<DefinitionItem> {
  if (bytes.length > largestImage) {
    throw refuse('payload_too_large', `An image has at most ${largestImage} bytes.`, pointer);
  }
  const format = formatOf(bytes);
  if (format === undefined) throw refuse('invalid', 'An image is a JPEG, a PNG or a GIF; this is none.', pointer);
  const id = ports.ids.ulid();
  // The file first: a crash in between leaves a file that nothing points at.
  await ports.files.put(fileOf(account, id), Buffer.from(bytes).toString('base64'));
  const data: ImageData = { format, size: bytes.length, hidden };
  const item = definitionItem(account, 'image', { id, name, ...firstVersion(ports) }, data);
  await createDefinition(ports.store, item);
  return item;
}

/** Renames, hides or shows an image; a 404 when there is none. */
export function updateImage(
  ports: Ports,
  account: AccountId,
  id: string,
  told: { name?: string | null | undefined; hidden?: boolean | null | undefined },
): Promise<DefinitionItem> {
  return changeDefinition(ports, { account, kind: 'image', id }, (before) => {
    const data = dataOf(before);
    return { name: told.name ?? before.name, data: { ...data, hidden: told.hidden ?? data.hidden } };
  });
}

const dataOf = ({ data }: DefinitionItem) => JSON.parse(data) as ImageData;

/** The image as the API shows it, or null. */
export async function findImage(
  ports: Pick<Ports, 'store' | 'settings'>,
  account: AccountId,
  id: string,
): Promise<Resource | null> {
  const item = await ports.store.get(definitionKey(account, 'image', id));
  return item ? imageDocument(ports, account, item) : null;
}

/** Where everybody sees an image, below the public address. */
const pathOf = (account: AccountId, id: string, format: ImageFormat) => `/p/images/${account}/${id}.${format}`;

/** An image as the API shows it. */
export function imageDocument(ports: Pick<Ports, 'settings'>, account: AccountId, item: DefinitionItem): Resource {
  const { format, size, hidden } = dataOf(item);
  const image_url = `${ports.settings.publicUrl}${pathOf(account, item.id, format)}`;
  const { id, name, updated } = item;
  return { type: 'image', id, attributes: { name, image_url, format, size, hidden, updated_at: isoOf(updated) } };
}

/** What an address of an image shows, with the media type of its bytes; undefined when there is no such image. */
export async function imageAt(
  ports: Pick<Ports, 'store' | 'files'>,
  account: AccountId,
  id: string,
  ending: string,
): Promise<{ bytes: Uint8Array; mediaType: string } | undefined> {
  const item = await ports.store.get(definitionKey(account, 'image', id));
  if (!item || dataOf(item).format !== ending) return undefined;
  const text = await ports.files.get(fileOf(account, id));
  if (text === undefined) throw notFound('image', id);
  return { bytes: Buffer.from(text, 'base64'), mediaType: mediaTypeOf(dataOf(item).format) };
}
