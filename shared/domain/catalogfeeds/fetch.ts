// Pulls the document of a feed, a piece at a time: nothing is applied of one that is not whole.
import type { AccountId } from '../../kernel/ids.ts';
import { second } from '../../kernel/time.ts';
import { HttpRefused, type Ports } from '../../ports.ts';
import { type Laid, createParts } from './parts.ts';
import { jsonReader } from './read-json.ts';
import { itemsOfXml } from './read-xml.ts';
import { FeedRefused, type Reader } from './reader.ts';
import { rowOf } from './row.ts';
import type { CatalogFeedData } from './stored.ts';

/** Behaviour 7. */
const largest = 100 * 1024 * 1024;
/** Of one item with what stands before it: what a reader holds. */
const largestItem = 1024 * 1024;
/** Shorter than the worker's own time. */
const deadline = 200 * second;

/** Lays the document of a feed by; answers how many objects it has. Throws FeedRefused, with words for the feed's owner. */
export async function layByDocument(
  ports: Ports,
  account: AccountId,
  feed: CatalogFeedData,
  laid: Laid,
): Promise<number> {
  const parts = createParts(ports, account, laid);
  let since = 0;
  const take = (item: unknown) => {
    since = 0;
    parts.take(rowOf(item, feed.mapping));
  };
  const reader = await (feed.format === 'json' ? jsonReader : itemsOfXml)(feed.items_path, { take });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of piecesOf(ports, feed)) {
    since += piece.length;
    read(reader, decoder, piece);
    if (since > largestItem) throw new FeedRefused('An item, or what stands between two, is larger than 1 MB.');
    await parts.flush();
  }
  read(reader, decoder);
  return parts.finish();
}

/** Hands a piece to the reader; without one, the end. What it throws is about the document. */
function read(reader: Reader, decoder: InstanceType<typeof TextDecoder>, piece?: Uint8Array): void {
  try {
    reader.write(decoder.decode(piece, { stream: piece !== undefined }));
    if (piece === undefined) reader.end();
  } catch (error) {
    if (error instanceof FeedRefused) throw error;
    if (!(error instanceof Error)) throw error;
    throw new FeedRefused('code' in error ? 'It is not UTF-8.' : `It cannot be read: ${error.message}`);
  }
}

async function* piecesOf({ http }: Ports, { url }: CatalogFeedData): AsyncGenerator<Uint8Array> {
  const answer = await about(() => http.download({ method: 'GET', url, deadline, largest, redirects: 3 }));
  if (answer.status !== 200) throw new FeedRefused(`The server answered ${answer.status}.`);
  const pieces = answer.body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next: IteratorResult<Uint8Array, unknown> = await about(() => pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** What goes wrong on the way is told to the feed's owner; the next pull tries again. */
async function about<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HttpRefused) throw new FeedRefused(error.message);
    const isLate = error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name);
    throw new FeedRefused(isLate ? 'The server took too long.' : 'The server could not be reached, or broke off.');
  }
}
