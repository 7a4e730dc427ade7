// The whole local system, and a server that answers the document of a feed.
import { gzipSync } from 'node:zlib';
import type { HttpReply } from '../../../shared/ports.ts';
import { hour, second } from '../../../shared/kernel/time.ts';
import { type Document, calm, simulated } from '../../simulation/system.ts';

export const url = 'https://shop.example/feed';

/** An object of a feed as Klaviyo's sample has it. */
export const product = (id: string, more: object = {}) => ({
  id,
  title: `Title of ${id}`,
  link: `https://shop.example/${id}`,
  description: `All about ${id}`,
  ...more,
});

export const compound = (id: string) => `$custom:::$default:::${id}`;

/** A shop whose feed is pulled; `says` is what its server answers from then on. */
export async function shop(attributes: object = {}) {
  const system = await simulated(calm);
  const { world, make, call, walk } = system;
  let answer: () => HttpReply | undefined = () => ({ status: 200, headers: {}, body: Buffer.from('[]') });
  world.http.answer(url, () => answer());
  const says = (body: string | Uint8Array | object, status = 200) => {
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    answer = () => ({ status, headers: {}, body: bytes });
  };
  const told = { type: 'catalog-feed', attributes: { name: 'All', url, ...attributes } };
  return {
    ...system,
    says,
    fails: (how: () => HttpReply | undefined) => {
      answer = how;
    },
    rest: () => world.advance(5 * second),
    later: (hours: number) => world.advance(hours * hour),
    /** Makes the feed; it is pulled by what the server says now. */
    async opens(): Promise<string> {
      const id = await make('POST', '/x/catalog-feeds', { data: told });
      await world.advance(5 * second);
      return id;
    },
    async runs(id: string): Promise<Document['many']> {
      return walk(`/x/catalog-feeds/${id}/runs`);
    },
    /** The newest run of a feed, and what it changed. */
    async report(id: string) {
      const [run] = await walk(`/x/catalog-feeds/${id}/runs`);
      const changes = await walk(`/x/catalog-feed-runs/${run?.id ?? ''}/changes`);
      return {
        run: run?.attributes ?? {},
        changes: changes.map(({ attributes: { change, external_id, place, detail } }) => ({
          change,
          id: external_id,
          ...(place !== null && { place }),
          ...(detail !== null && { detail }),
        })),
      };
    },
    async item(id: string) {
      const { status, data } = await call('GET', `/api/catalog-items/${compound(id)}`);
      return status === 200 ? data.attributes : undefined;
    },
  };
}

export const zipped = (text: string) => gzipSync(text);
