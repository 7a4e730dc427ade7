// The poison corpus of feeds, and what random damage does to a good one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Poison, poison } from './poison.ts';
import { product, shop } from './shop.ts';

const before = [product('there', { inventory_quantity: 2 })];

async function given({ format, items_path, body }: Poison) {
  const s = await shop();
  s.says(before);
  const feed = await s.opens();
  if (typeof body === 'function') s.fails(body);
  else s.says(body);
  const attributes = { vanished: 'keep', ...(format && { format }), ...(items_path && { items_path }) };
  await s.make('PATCH', `/x/catalog-feeds/${feed}`, { data: { type: 'catalog-feed', id: feed, attributes } });
  await s.rest();
  return { ...s, feed };
}

describe('a document that nobody should send', () => {
  it.each(Object.entries(poison))('%s: is applied or refused, with a report', async (_, one) => {
    const s = await given(one);
    const { run, changes } = await s.report(s.feed);
    expect(run['status']).toBe('complete');
    if (one.refusal) expect(run['refusal']).toMatch(one.refusal);
    else expect(run['refusal']).toBeNull();
    const of = (change: string) => changes.filter((each) => each.change === change);
    expect(of('created').map(({ id }) => id)).toEqual(expect.arrayContaining([...(one.made ?? [])]));
    expect(of('created')).toHaveLength(one.made?.length ?? 0);
    const details = of('refused').map(({ detail }) => detail as string);
    expect(details).toHaveLength(one.details?.length ?? 0);
    for (const detail of one.details ?? []) expect(details.some((told) => detail.test(told))).toBe(true);
    expect(await s.item('there')).toMatchObject({ published: true });
    expect(Object.keys(s.world.queue.deadLetters('jobs'))).toEqual([]);
    expect(Reflect.get({}, 'id')).toBeUndefined();
  });

  it('of 100 MB and a byte is refused, one of 100 MB is not', async () => {
    const largest = 100 * 1024 * 1024;
    const document = Buffer.alloc(largest + 1, `,{}${' '.repeat(500_000)}`);
    document.write(`[${JSON.stringify(product('good'))} `);
    const s = await given({ body: document });
    expect((await s.report(s.feed)).run['refusal']).toMatch(/longer than/);
    document.write(']', largest - 1);
    s.says(document.subarray(0, largest));
    await s.make('POST', `/x/catalog-feeds/${s.feed}/run`, { data: { type: 'catalog-feed-run', attributes: {} } });
    await s.rest();
    expect((await s.report(s.feed)).run).toMatchObject({ refusal: null, created_items: 1 });
  });

  it('is never more than refused, however a good one is damaged', async () => {
    const text = JSON.stringify([product('a', { price: 1.5, categories: ['x'] }), product('b')]);
    const s = await shop();
    s.says(text);
    const feed = await s.opens();
    const damage = fc.array(fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(damage, async (places) => {
        const bytes = Buffer.from(text);
        for (const [at, byte] of places) bytes[at] = byte;
        s.says(bytes);
        await s.make('POST', `/x/catalog-feeds/${feed}/run`, { data: { type: 'catalog-feed-run', attributes: {} } });
        await s.rest();
        const [run] = (await s.call('GET', `/x/catalog-feeds/${feed}/runs?page[size]=1`)).many;
        expect(run?.attributes).toMatchObject({ status: 'complete' });
      }),
      { numRuns: 100 },
    );
  });
});
