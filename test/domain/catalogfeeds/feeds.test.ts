// Feeds of the catalog: what a document changes, when it is pulled, what is told of it (behaviour 7).
import { describe, expect, it } from 'vitest';
import { compound, product, shop, url } from './shop.ts';

describe('a feed of the catalog', () => {
  it('creates, changes and takes away what the document says, and tells of each', async () => {
    const s = await shop();
    s.says([product('a', { price: 5, image_link: 'https://shop.example/a.jpg' }), product('b'), product('c')]);
    const feed = await s.opens();
    const first = await s.report(feed);
    expect(first.run).toMatchObject({ status: 'complete', refusal: null, total_count: 3, completed_count: 3 });
    expect(first.run).toMatchObject({ created_items: 3, updated_items: 0, unchanged_items: 0, failed_count: 0 });
    expect(first.changes.map(({ change }) => change)).toEqual(['created', 'created', 'created']);
    expect(await s.item('a')).toMatchObject({
      title: 'Title of a',
      url: 'https://shop.example/a',
      price: 5,
      image_full_url: 'https://shop.example/a.jpg',
      published: true,
    });
    s.says([product('a', { price: 4 }), product('b'), product('d'), { id: 'e', title: 'No more' }, { title: 'None' }]);
    await s.later(6);
    const second = await s.report(feed);
    expect(second.run).toMatchObject({ total_count: 5, completed_count: 3, failed_count: 2, created_items: 1 });
    expect(second.run).toMatchObject({ updated_items: 1, unchanged_items: 1, unpublished_items: 1, deleted_items: 0 });
    expect(second.changes).toHaveLength(5);
    expect(second.changes).toEqual(
      expect.arrayContaining([
        { change: 'updated', id: 'a' },
        { change: 'created', id: 'd' },
        { change: 'unpublished', id: 'c' },
        { change: 'refused', id: 'e', place: 3, detail: 'Its link is missing.' },
        { change: 'refused', id: null, place: 4, detail: 'Its id is missing.' },
      ]),
    );
    expect(await s.item('a')).toMatchObject({ price: 4, image_full_url: null });
    expect(await s.item('c')).toMatchObject({ published: false });
    // What comes back is for sale again.
    s.says([product('a', { price: 4 }), product('b'), product('c'), product('d')]);
    await s.later(6);
    expect((await s.report(feed)).changes).toEqual([{ change: 'updated', id: 'c' }]);
    expect(await s.item('c')).toMatchObject({ published: true });
  });

  it('and its runs have the addresses that they tell of', async () => {
    const s = await shop();
    s.says([product('a')]);
    const feed = await s.opens();
    const shown = [...(await s.walk('/x/catalog-feeds')), ...(await s.runs(feed))];
    expect(shown).toHaveLength(2);
    for (const one of shown) {
      const { links } = one as unknown as { links: { self: string } };
      expect((await s.call('GET', new URL(links.self).pathname.replace(/\/$/, ''))).data.id).toBe(one.id);
    }
  });

  it('deletes, or keeps, what vanished where it was told so', async () => {
    for (const [vanished, left] of [
      ['delete', undefined],
      ['keep', { published: true }],
    ] as const) {
      const s = await shop({ vanished });
      s.says([product('a'), product('b')]);
      const feed = await s.opens();
      s.says([product('b')]);
      await s.later(6);
      if (left) expect(await s.item('a')).toMatchObject(left);
      else expect(await s.item('a')).toBeUndefined();
      expect((await s.report(feed)).run).toMatchObject({ deleted_items: left ? 0 : 1, unpublished_items: 0 });
      s.says([product('a'), product('b')]);
      await s.later(6);
      expect(await s.item('a')).toMatchObject({ published: true });
    }
  });

  it('reads XML by a path and a mapping; a stock makes a variant, categories are made by their names', async () => {
    const s = await shop({
      format: 'xml',
      items_path: 'channel.item',
      mapping: { id: 'g:id', price: 'g:price', categories: 'cats', inventory_quantity: 'stock' },
    });
    s.says(`<?xml version="1.0"?><rss><channel><title>Shop</title>
      <item><g:id>1</g:id><title>Tea &amp; more</title><link>https://shop.example/1</link><description><![CDATA[<b>Hot</b>]]>
      </description><g:price>3.50</g:price><stock>7</stock><cats><cat>Drinks</cat><cat>Hot</cat></cats></item>
      <item><g:id>2</g:id><title>Cup</title><link>l</link><description>d</description><g:price>1 EUR</g:price></item>
      </channel></rss>`);
    const feed = await s.opens();
    expect((await s.report(feed)).changes).toEqual(
      expect.arrayContaining([
        { change: 'created', id: '1' },
        { change: 'refused', id: '2', place: 1, detail: 'Its price is not of the right type.' },
      ]),
    );
    expect(await s.item('1')).toMatchObject({ title: 'Tea & more', description: '<b>Hot</b>', price: 3.5 });
    const { data } = await s.call('GET', `/api/catalog-variants/${compound('1')}`);
    expect(data.attributes).toMatchObject({ sku: '1', price: 3.5, inventory_quantity: 7 });
    const names = (await s.walk(`/api/catalog-items/${compound('1')}/categories`)).map((one) => one.attributes['name']);
    expect(names.sort()).toEqual(['Drinks', 'Hot']);
  });

  it('reads a list inside of a JSON document, and takes numbers for ids to the last digit', async () => {
    const s = await shop({ items_path: 'data.items', mapping: { title: 'names.en' } });
    s.says(
      `{"data":{"other":[{"id":"no"}],"items":[{"id":90071992547409931,"names":{"en":"T"},"link":"l","description":"d"}]},"items":[]}`,
    );
    const feed = await s.opens();
    expect((await s.report(feed)).changes).toEqual([{ change: 'created', id: '90071992547409931' }]);
    expect(await s.item('90071992547409931')).toMatchObject({ title: 'T' });
  });

  it('is pulled when it is made or changed, every so many hours, and when somebody asks; one run at a time', async () => {
    const s = await shop({ interval_hours: 2 });
    s.says([product('a')]);
    const feed = await s.opens();
    const pulls = () => s.world.http.calls.filter((call) => call.url === url).length;
    expect(pulls()).toBe(1);
    await s.later(5);
    expect(pulls()).toBe(3);
    const run = { data: { type: 'catalog-feed-run', attributes: {} } };
    const one = await s.make('POST', `/x/catalog-feeds/${feed}/run`, run);
    expect(await s.make('POST', `/x/catalog-feeds/${feed}/run`, run)).toBe(one);
    await s.rest();
    expect(pulls()).toBe(4);
    const change = (attributes: object) => ({ data: { type: 'catalog-feed', id: feed, attributes } });
    await s.make('PATCH', `/x/catalog-feeds/${feed}`, change({ interval_hours: 12 }));
    await s.rest();
    expect(pulls()).toBe(5);
    await s.later(11);
    expect(pulls()).toBe(5);
    await s.later(2);
    expect(pulls()).toBe(6);
    const { data } = await s.call('GET', `/x/catalog-feeds/${feed}`);
    expect(data.attributes).toMatchObject({ interval_hours: 12, vanished: 'unpublish', format: 'json', active: true });
    await s.make('PATCH', `/x/catalog-feeds/${feed}`, change({ active: false }));
    await s.later(48);
    expect(pulls()).toBe(6);
    expect((await s.runs(feed)).length).toBe(6);
    await s.make('DELETE', `/x/catalog-feeds/${feed}`);
    await s.later(24);
    expect(pulls()).toBe(6);
    expect(await s.item('a')).toMatchObject({ published: true });
    expect(s.world.store.dump().filter(({ kind }) => kind.startsWith('catalog-feed-'))).toEqual([]);
  });

  it('changes nothing, and pays nothing, for a document that says the same', async () => {
    const s = await shop();
    s.says([product('a', { inventory_quantity: 3 }), product('b')]);
    const feed = await s.opens();
    const entries = () => s.world.store.dump().filter(({ kind }) => kind.startsWith('catalog-'));
    const before = entries().filter(({ kind }) => kind !== 'catalog-feed-state');
    await s.later(6);
    expect((await s.report(feed)).run).toMatchObject({ unchanged_items: 2, completed_count: 2 });
    expect(entries().filter(({ kind }) => kind !== 'catalog-feed-state')).toEqual(before);
    expect([...s.world.files.entries.keys()].filter((key) => !key.includes('/report-'))).toEqual([]);
  });

  it('makes an item anew that somebody removed by hand', async () => {
    const s = await shop();
    s.says([product('a')]);
    const feed = await s.opens();
    await s.make('DELETE', `/api/catalog-items/${compound('a')}`);
    await s.rest();
    await s.later(6);
    expect((await s.report(feed)).changes).toEqual([{ change: 'created', id: 'a' }]);
    expect(await s.item('a')).toBeDefined();
  });

  it('leaves the items of another feed alone, until that names them no more or is gone', async () => {
    const s = await shop();
    const says = (at: string, items: readonly object[]) => {
      const body = Buffer.from(JSON.stringify(items));
      s.world.http.answer(`${url}/${at}`, () => ({ status: 200, headers: {}, body }));
    };
    const opens = async (at: string) => {
      const attributes = { name: at, url: `${url}/${at}` };
      const id = await s.make('POST', '/x/catalog-feeds', { data: { type: 'catalog-feed', attributes } });
      await s.rest();
      return id;
    };
    says('one', [product('a', { price: 1, inventory_quantity: 1 }), product('b')]);
    says('two', [product('a', { price: 2, inventory_quantity: 5 }), product('c')]);
    const one = await opens('one');
    const two = await opens('two');
    const refused = { change: 'refused', id: 'a', place: 0, detail: `Its item is one of the feed ${one}.` };
    const second = await s.report(two);
    expect(second.run).toMatchObject({ created_items: 1, failed_count: 1 });
    expect(second.changes).toEqual(expect.arrayContaining([refused, { change: 'created', id: 'c' }]));
    expect(await s.item('a')).toMatchObject({ price: 1 });
    const variant = async () => (await s.call('GET', `/api/catalog-variants/${compound('a')}`)).data.attributes;
    expect(await variant()).toMatchObject({ price: 1, inventory_quantity: 1 });
    // What the API changes stays its feed's.
    const attributes = { title: 'By hand' };
    const data = { type: 'catalog-item', id: compound('a'), attributes };
    await s.make('PATCH', `/api/catalog-items/${compound('a')}`, { data });
    await s.later(6);
    expect((await s.report(two)).changes).toEqual([refused]);
    says('one', [product('b')]);
    await s.later(12);
    expect(await s.item('a')).toMatchObject({ price: 2, published: true });
    expect(await variant()).toMatchObject({ price: 2, inventory_quantity: 5 });
    await s.make('DELETE', `/x/catalog-feeds/${two}`);
    says('one', [product('b'), product('c', { price: 3 })]);
    await s.later(6);
    expect((await s.report(one)).changes).toEqual([{ change: 'updated', id: 'c' }]);
    expect(await s.item('c')).toMatchObject({ price: 3 });
  });

  it('refuses what it cannot be told by, with a pointer', async () => {
    const s = await shop();
    const tried = async (attributes: object) =>
      (await s.call('POST', '/x/catalog-feeds', { data: { type: 'catalog-feed', attributes } })).status;
    expect(await tried({ name: 'n', url: 'http://shop.example' })).toBe(400);
    expect(await tried({ name: 'n', url, interval_hours: 0 })).toBe(400);
    expect(await tried({ name: 'n', url, mapping: { colour: 'c' } })).toBe(400);
    expect(await tried({ name: 'n', url, mapping: { id: '' } })).toBe(400);
    expect(await tried({ url })).toBe(400);
    expect(await s.walk('/x/catalog-feeds')).toEqual([]);
    for (const path of ['/x/catalog-feeds/none', '/x/catalog-feed-runs/none', '/x/catalog-feed-runs/none/changes'])
      expect((await s.call('GET', path)).status).toBe(404);
  });
});
