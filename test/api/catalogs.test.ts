import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { bulkOf, catalogId, categoryOf, itemOf, variantOf, waitingFor } from './catalog-specimens.ts';
import { expectRefused } from './refusals.ts';
import { type Answer, type Stage, openStage } from './stage.ts';
import { targetName } from './target.ts';

let stage: Stage;
const ids = (answer: Answer) => answer.many.map(({ id }) => id);
const post = (path: string, body: unknown) => stage.send('POST', path, { body });
const get = (path: string) => stage.send('GET', path);
const data = (type: string, ...names: string[]) => ({ data: names.map((id) => ({ type, id })) });

async function made(kind: 'items' | 'variants' | 'categories', body: object): Promise<string> {
  const answer = await post(`/api/catalog-${kind}`, { data: body });
  expect(answer.status, answer.text).toBe(201);
  return answer.one.id;
}

/** The job that a bulk request came to, when it is over. */
async function done(body: ReturnType<typeof bulkOf>, include = ''): Promise<Answer> {
  const path = `/api/${body.data.type}s`;
  const asked = await post(path, body);
  expect(asked.status, asked.text).toBe(202);
  expect(asked.one.attributes).toMatchObject({ status: 'queued', completed_count: 0, failed_count: 0, errors: [] });
  await stage.settle();
  return get(`${path}/${asked.one.id}${include}`);
}

beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

describe('items', () => {
  it('are made, read, changed and removed by the SDK', async () => {
    const { catalogs } = stage.sdk;
    const attributes = {
      externalId: 'sdk',
      title: 'Coffee',
      description: 'Beans',
      url: 'https://shop.example/coffee',
      price: 9.5,
      customMetadata: { roast: 'light', organic: true },
      images: ['https://shop.example/1.png'],
    };
    const { body } = await catalogs.createCatalogItem({ data: { type: 'catalog-item', attributes } });
    const id = body.data.id;
    expect(id).toBe('$custom:::$default:::sdk');
    expect(body.data.attributes).toMatchObject({ ...attributes, published: true });
    const changed = await catalogs.updateCatalogItem(id, {
      data: { type: 'catalog-item', id, attributes: { title: 'Espresso', price: null, customMetadata: null } },
    });
    expect(changed.body.data.attributes).toMatchObject({ title: 'Espresso', price: null, description: 'Beans' });
    expect((await catalogs.getCatalogItem(id)).body.data.attributes.customMetadata).toEqual({});
    expect((await catalogs.getCatalogItems({ filter: `any(ids,["${id}"])` })).body.data.map((one) => one.id)).toEqual([
      id,
    ]);
    await catalogs.deleteCatalogItem(id);
    await expectRefused(stage, () => get(`/api/catalog-items/${id}`), 404);
    await expectRefused(stage, () => stage.send('DELETE', `/api/catalog-items/${id}`), 404);
  });

  it('keep an id with colons, spaces and other scripts', async () => {
    for (const external of ['a:::b', 'x y&z', '$custom:::$default:::x', '豆']) {
      const id = await made('items', itemOf(external));
      expect(id).toBe(catalogId(external));
      const read = await get(`/api/catalog-items/${encodeURIComponent(id)}`);
      expect(read.one.attributes['external_id']).toBe(external);
      expect((await get(new URL(read.one.links.self).pathname)).one.id).toBe(id);
    }
  });

  // The gateway decodes paths: an id with a slash is no segment of one.
  it('with a slash in their id are found by it', async () => {
    const id = await made('items', itemOf('a/b?#%'));
    const filter = encodeURIComponent(`any(ids,["${id}"])`);
    expect(ids(await get(`/api/catalog-items?filter=${filter}`))).toEqual([id]);
  });

  it('exist once under an id', async () => {
    await made('items', itemOf('twice'));
    const again = await expectRefused(stage, () => post('/api/catalog-items', { data: itemOf('twice') }), 409);
    expect(again.errors[0]?.source.pointer).toBe('/data/attributes/external_id');
  });

  it.each([
    ['no title', { title: undefined }, '/data/attributes/title'],
    ['nested metadata', { custom_metadata: { a: { b: 1 } } }, '/data/attributes/custom_metadata/a'],
    ['too much metadata', { custom_metadata: { a: 'x'.repeat(102_401) } }, '/data/attributes/custom_metadata'],
    ['another integration', { integration_type: 'shopify' }, '/data/attributes/integration_type'],
    ['another catalog', { catalog_type: 'else' }, '/data/attributes/catalog_type'],
    ['a price that cannot be kept', { price: 1e300 }, '/data/attributes/price'],
    ['no external id', { external_id: '' }, '/data/attributes/external_id'],
  ])('are refused with %s', async (_, wrong, pointer) => {
    const answer = await expectRefused(stage, () => post('/api/catalog-items', { data: itemOf('bad', wrong) }), 400);
    expect(answer.errors[0]?.source.pointer).toBe(pointer);
  });

  it('are refused when they are larger than can be kept', async () => {
    const large = { data: itemOf('large', { description: 'x'.repeat(400_000) }) };
    await expectRefused(stage, () => post('/api/catalog-items', large), 413);
  });

  it('are found by what they are called, by whether they are shown, and in the order of their making', async () => {
    const names = ['Alpha roast', 'Beta ROAST', 'Gamma'];
    await stage.advance('1s');
    for (const title of names) {
      await made('items', itemOf(title, { title, published: title !== 'Beta ROAST' }));
      await stage.advance('1s');
    }
    await stage.settle();
    const named = (filter: string, rest = '') => get(`/api/catalog-items?filter=${encodeURIComponent(filter)}${rest}`);
    expect(ids(await named('contains(title,"roast")'))).toEqual(['Alpha roast', 'Beta ROAST'].map(catalogId));
    expect(ids(await named('contains(title,"roast"),equals(published,true)'))).toEqual([catalogId('Alpha roast')]);
    const any = `any(ids,[${names.map((name) => `"${catalogId(name)}"`).join()},"nothing"])`;
    expect(ids(await named(any, '&sort=-created'))).toEqual([...names].reverse().map(catalogId));
    const first = await get('/api/catalog-items?sort=-created&page[size]=2&fields[catalog-item]=title');
    expect(first.many.map(({ attributes }) => attributes)).toEqual([{ title: 'Gamma' }, { title: 'Beta ROAST' }]);
    expect(ids(await get(first.links.next ?? '')).at(0)).toBe(catalogId('Alpha roast'));
    expect(ids(await get('/api/catalog-items?filter=equals(category.id,"nothing")'))).toEqual([]);
  });
});

describe('variants', () => {
  it('belong to an item, are found by it and by their SKU, and go with it', async () => {
    const { catalogs } = stage.sdk;
    const item = await made('items', itemOf('parent'));
    const attributes = {
      externalId: 'v1',
      title: 'Bag',
      description: '250 g',
      sku: 'BAG-1',
      inventoryQuantity: 3,
      price: 9.5,
      url: 'https://shop.example/bag',
    };
    const relationships = { item: { data: { type: 'catalog-item' as const, id: item } } };
    const { body } = await catalogs.createCatalogVariant({
      data: { type: 'catalog-variant', attributes, relationships },
    });
    const id = body.data.id;
    expect(body.data).toMatchObject({
      id: catalogId('v1'),
      attributes: { ...attributes, inventoryPolicy: 0 },
      relationships,
    });
    await stage.settle();
    expect((await catalogs.getVariantsForCatalogItem(item)).body.data.map((one) => one.id)).toEqual([id]);
    expect((await catalogs.getVariantIdsForCatalogItem(item)).body.data.map((one) => one.id)).toEqual([id]);
    expect(
      (await catalogs.getCatalogVariants({ filter: 'equals(sku,"BAG-1")' })).body.data.map((one) => one.id),
    ).toEqual([id]);
    await catalogs.updateCatalogVariant(id, {
      data: { type: 'catalog-variant', id, attributes: { sku: 'BAG-2', inventoryQuantity: 0, inventoryPolicy: 1 } },
    });
    await stage.settle();
    expect(ids(await get('/api/catalog-variants?filter=equals(sku,"BAG-1")'))).toEqual([]);
    expect(ids(await get('/api/catalog-variants?filter=equals(sku,"BAG-2"),equals(published,true)'))).toEqual([id]);
    const shown = (await catalogs.getCatalogVariant(id)).body.data;
    expect(shown.attributes).toMatchObject({ inventoryQuantity: 0, inventoryPolicy: 1, price: 9.5 });
    const included = await get(`/api/catalog-items/${item}?include=variants&fields[catalog-variant]=sku`);
    expect(included.included.map(({ attributes: told }) => told)).toEqual([{ sku: 'BAG-2' }]);
    expect(included.one.relationships['variants']?.data).toEqual([{ type: 'catalog-variant', id }]);
    const other = await made('variants', variantOf('v2', item));
    await catalogs.deleteCatalogVariant(other);
    await catalogs.deleteCatalogItem(item);
    await stage.advance('10s');
    await expectRefused(stage, () => get(`/api/catalog-variants/${id}`), 404);
  });

  it('are refused without an item that exists', async () => {
    const lonely = { ...variantOf('lonely', 'nothing'), relationships: { item: {} } };
    const answer = await expectRefused(stage, () => post('/api/catalog-variants', { data: lonely }), 400);
    expect(answer.errors[0]?.source.pointer).toBe('/data/relationships/item/data');
    const orphan = { data: variantOf('lonely', catalogId('no')) };
    const unknown = await expectRefused(stage, () => post('/api/catalog-variants', orphan), 404);
    expect(unknown.errors[0]?.source.pointer).toBe('/data/relationships/item/data/id');
  });
});

describe('categories', () => {
  it('hold items, from either end', async () => {
    const { catalogs } = stage.sdk;
    const [a = '', b = '', c = ''] = await Promise.all(['ca', 'cb', 'cc'].map((name) => made('items', itemOf(name))));
    const linked = { relationships: { items: data('catalog-item', a) } };
    const sale = await made('categories', categoryOf('sale', linked));
    const attributes = { externalId: 'fresh', name: 'Category fresh' };
    const created = await catalogs.createCatalogCategory({ data: { type: 'catalog-category', attributes } });
    const fresh = created.body.data.id;
    await catalogs.updateCatalogCategory(sale, {
      data: { type: 'catalog-category', id: sale, attributes: { name: 'Sale' } },
    });
    const link = (id: string) => ({ type: 'catalog-item' as const, id });
    const category = (id: string) => ({ type: 'catalog-category' as const, id });
    const inSale = async () => {
      await stage.settle();
      return (await catalogs.getItemIdsForCatalogCategory(sale)).body.data.map((one) => one.id).sort();
    };
    await catalogs.addItemsToCatalogCategory(sale, { data: [link(b), link(b)] });
    expect(await inSale()).toEqual([a, b]);
    await catalogs.updateItemsForCatalogCategory(sale, { data: [link(b), link(c)] });
    expect(await inSale()).toEqual([b, c]);
    await catalogs.removeItemsFromCatalogCategory(sale, { data: [link(c)] });
    expect(await inSale()).toEqual([b]);
    await catalogs.addCategoriesToCatalogItem(a, { data: [category(sale), category(fresh)] });
    expect(await inSale()).toEqual([a, b]);
    expect((await catalogs.getCategoriesForCatalogItem(a)).body.data.map((one) => one.attributes.name).sort()).toEqual([
      'Category fresh',
      'Sale',
    ]);
    await catalogs.updateCategoriesForCatalogItem(a, { data: [category(fresh)] });
    expect(await inSale()).toEqual([b]);
    expect((await catalogs.getCategoryIdsForCatalogItem(a)).body.data.map((one) => one.id)).toEqual([fresh]);
    await catalogs.removeCategoriesFromCatalogItem(a, { data: [category(fresh)] });
    expect((await catalogs.getCategoryIdsForCatalogItem(a)).body.data).toEqual([]);
    expect((await catalogs.getItemsForCatalogCategory(sale)).body.data.map((one) => one.id)).toEqual([b]);
    expect(ids(await get(`/api/catalog-categories?filter=equals(item.id,"${b}"),contains(name,"sal")`))).toEqual([
      sale,
    ]);
    expect((await catalogs.getCatalogCategory(sale)).body.data.attributes.name).toBe('Sale');
    expect((await catalogs.getCatalogCategories({ filter: 'contains(name,"fresh")' })).body.data).toHaveLength(1);
  });

  it('are linked to all that are named or to none', async () => {
    const item = await made('items', itemOf('linked'));
    const category = await made('categories', categoryOf('linked'));
    const unknown = catalogId('unknown');
    const ways = [
      [`catalog-categories/${category}/relationships/items`, data('catalog-item', item, unknown)],
      [`catalog-items/${item}/relationships/categories`, data('catalog-category', category, unknown)],
    ] as const;
    for (const [path, body] of ways)
      for (const method of ['POST', 'PATCH', 'DELETE']) {
        const answer = await expectRefused(stage, () => stage.send(method, `/api/${path}`, { body }), 404);
        expect(answer.errors[0]?.source.pointer).toBe('/data/1/id');
      }
  });

  it('that were removed and made anew are empty', async () => {
    const item = await made('items', itemOf('kept'));
    const body = categoryOf('again', { relationships: { items: data('catalog-item', item) } });
    const category = await made('categories', body);
    await stage.sdk.catalogs.deleteCatalogCategory(category);
    await made('categories', categoryOf('again'));
    expect(ids(await get(`/api/catalog-categories/${category}/items`))).toEqual([]);
    expect(ids(await get(`/api/catalog-items/${item}/categories`))).toEqual([]);
    await stage.advance('10s');
    expect((await stage.items()).filter(({ kind, pk }) => kind === 'category-link' && pk.includes('kept'))).toEqual([]);
  });

  it('of an item are replaced with it, and have to exist', async () => {
    const category = await made('categories', categoryOf('known'));
    const related = (...names: string[]) => ({ relationships: { categories: data('catalog-category', ...names) } });
    const wrong = { data: { ...itemOf('w'), ...related(category, category, catalogId('unknown')) } };
    const refused = await expectRefused(stage, () => post('/api/catalog-items', wrong), 404);
    expect(refused.errors[0]?.source.pointer).toBe('/data/relationships/categories/data/2/id');
    const item = await made('items', { ...itemOf('w'), ...related(category) });
    const patch = (names: string[]) =>
      stage.send('PATCH', `/api/catalog-items/${item}`, {
        body: { data: { type: 'catalog-item', id: item, attributes: {}, ...related(...names) } },
      });
    expect((await patch([])).status).toBe(200);
    expect(ids(await get(`/api/catalog-items/${item}/categories`))).toEqual([]);
  });
});

describe('bulk jobs', () => {
  const jobsOf = async (kind: string, how: string) =>
    ids(await get(`/api/catalog-${kind}-bulk-${how}-jobs?filter=equals(status,"complete")`));

  it('make, change and remove items, and tell of each row that they refuse', async () => {
    await made('items', itemOf('there'));
    const unknown = { relationships: { categories: data('catalog-category', catalogId('unknown')) } };
    const rows = [itemOf('b1'), itemOf('there'), { ...itemOf('b2'), ...unknown }, itemOf('b1')];
    const job = await done(bulkOf('item', 'create', ...rows), '?include=items&fields[catalog-item]=external_id');
    expect(job.one.attributes).toMatchObject({
      status: 'complete',
      total_count: 4,
      completed_count: 1,
      failed_count: 3,
    });
    expect(job.one.attributes['errors']).toMatchObject([
      { code: 'conflict', source: { pointer: '/data/attributes/items/data/1/attributes/external_id' } },
      { code: 'not_found', source: { pointer: '/data/attributes/items/data/2/relationships/categories/data/0/id' } },
      { code: 'conflict', source: { pointer: '/data/attributes/items/data/3/attributes/external_id' } },
    ]);
    expect(job.included.map(({ attributes }) => attributes)).toEqual([{ external_id: 'b1' }]);
    expect(job.one.relationships['items']?.data).toEqual([{ type: 'catalog-item', id: catalogId('b1') }]);
    const change = (price: number) => ({ type: 'catalog-item', id: catalogId('b1'), attributes: { price } });
    const changed = await done(bulkOf('item', 'update', change(1), change(2), change(3)), '?include=items');
    expect(changed.included.map(({ attributes }) => attributes['price'])).toEqual([3]);
    const gone = { type: 'catalog-item', id: catalogId('b1') };
    const removed = await done(bulkOf('item', 'delete', gone, gone));
    expect(removed.one.attributes).toMatchObject({ completed_count: 1, failed_count: 1 });
    for (const how of ['create', 'update', 'delete']) expect(await jobsOf('item', how)).toHaveLength(1);
  });

  it('are asked for by the SDK, for every kind', async () => {
    const { catalogs } = stage.sdk;
    const item = await made('items', itemOf('sdk-parent'));
    const told = { title: 'Bag', description: 'd', sku: 's', inventoryQuantity: 1, price: 1, url: 'https://a.example' };
    const id = catalogId('sdk-bulk');
    const relationships = { item: { data: { type: 'catalog-item' as const, id: item } } };
    const variants = {
      data: [{ type: 'catalog-variant' as const, attributes: { ...told, externalId: 'sdk-bulk' }, relationships }],
    };
    const items = {
      data: [
        {
          type: 'catalog-item' as const,
          attributes: { title: 't', description: 'd', url: 'u', externalId: 'sdk-bulk' },
        },
      ],
    };
    const categories = {
      data: [{ type: 'catalog-category' as const, attributes: { name: 'n', externalId: 'sdk-bulk' } }],
    };
    const asked = async (call: Promise<{ body: { data: { id: string } } }>) => {
      const { id: job } = (await call).body.data;
      await stage.settle();
      return job;
    };
    const whole = (call: Promise<{ body: { data: { attributes: object } } }>) =>
      expect(call.then(({ body }) => body.data.attributes)).resolves.toMatchObject({
        completedCount: 1,
        failedCount: 0,
      });
    await whole(
      catalogs.getBulkCreateCatalogItemsJob(
        await asked(
          catalogs.bulkCreateCatalogItems({ data: { type: 'catalog-item-bulk-create-job', attributes: { items } } }),
        ),
        { include: ['items'] },
      ),
    );
    await whole(
      catalogs.getBulkCreateVariantsJob(
        await asked(
          catalogs.bulkCreateCatalogVariants({
            data: { type: 'catalog-variant-bulk-create-job', attributes: { variants } },
          }),
        ),
        { include: ['variants'] },
      ),
    );
    await whole(
      catalogs.getBulkCreateCategoriesJob(
        await asked(
          catalogs.bulkCreateCatalogCategories({
            data: { type: 'catalog-category-bulk-create-job', attributes: { categories } },
          }),
        ),
        { include: ['categories'] },
      ),
    );
    await whole(
      catalogs.getBulkUpdateCatalogItemsJob(
        await asked(
          catalogs.bulkUpdateCatalogItems({
            data: {
              type: 'catalog-item-bulk-update-job',
              attributes: { items: { data: [{ type: 'catalog-item', id, attributes: { title: 'T' } }] } },
            },
          }),
        ),
      ),
    );
    await whole(
      catalogs.getBulkUpdateVariantsJob(
        await asked(
          catalogs.bulkUpdateCatalogVariants({
            data: {
              type: 'catalog-variant-bulk-update-job',
              attributes: { variants: { data: [{ type: 'catalog-variant', id, attributes: { price: 2 } }] } },
            },
          }),
        ),
      ),
    );
    await whole(
      catalogs.getBulkUpdateCategoriesJob(
        await asked(
          catalogs.bulkUpdateCatalogCategories({
            data: {
              type: 'catalog-category-bulk-update-job',
              attributes: { categories: { data: [{ type: 'catalog-category', id, attributes: { name: 'N' } }] } },
            },
          }),
        ),
      ),
    );
    await whole(
      catalogs.getBulkDeleteVariantsJob(
        await asked(
          catalogs.bulkDeleteCatalogVariants({
            data: {
              type: 'catalog-variant-bulk-delete-job',
              attributes: { variants: { data: [{ type: 'catalog-variant', id }] } },
            },
          }),
        ),
      ),
    );
    await whole(
      catalogs.getBulkDeleteCatalogItemsJob(
        await asked(
          catalogs.bulkDeleteCatalogItems({
            data: {
              type: 'catalog-item-bulk-delete-job',
              attributes: { items: { data: [{ type: 'catalog-item', id }] } },
            },
          }),
        ),
      ),
    );
    await whole(
      catalogs.getBulkDeleteCategoriesJob(
        await asked(
          catalogs.bulkDeleteCatalogCategories({
            data: {
              type: 'catalog-category-bulk-delete-job',
              attributes: { categories: { data: [{ type: 'catalog-category', id }] } },
            },
          }),
        ),
      ),
    );
    const lists = [
      catalogs.getBulkCreateCatalogItemsJobs(),
      catalogs.getBulkCreateVariantsJobs(),
      catalogs.getBulkCreateCategoriesJobs(),
      catalogs.getBulkUpdateCatalogItemsJobs(),
      catalogs.getBulkUpdateVariantsJobs(),
      catalogs.getBulkUpdateCategoriesJobs(),
      catalogs.getBulkDeleteCatalogItemsJobs(),
      catalogs.getBulkDeleteVariantsJobs(),
      catalogs.getBulkDeleteCategoriesJobs(),
    ];
    for (const { body } of await Promise.all(lists)) expect(body.data.length).toBeGreaterThan(0);
  });

  it('take a hundred rows and no more', async () => {
    const rows = Array.from({ length: 101 }, (_, i) => categoryOf(`row${i}`));
    await expectRefused(
      stage,
      () => post('/api/catalog-category-bulk-create-jobs', bulkOf('category', 'create', ...rows)),
      400,
    );
    const job = await done(bulkOf('category', 'create', ...rows.slice(1)));
    expect(job.one.attributes).toMatchObject({ completed_count: 100, failed_count: 0 });
    await expectRefused(stage, () => post('/api/catalog-item-bulk-create-jobs', bulkOf('item', 'create')), 400);
  });

  // Elsewhere they are worked off while more are asked for.
  it.skipIf(targetName !== 'memory')('are five hundred in progress at most', async () => {
    const body = bulkOf('variant', 'delete', { type: 'catalog-variant', id: catalogId('none') });
    const ask = () => post('/api/catalog-variant-bulk-delete-jobs', body);
    for (let i = 0; i < 500; i += 1) expect((await ask()).status).toBe(202);
    await expectRefused(stage, ask, 429);
    await stage.settle();
    expect((await ask()).status).toBe(202);
  });
});

describe('waiting for a variant', () => {
  it('is an event of the person, by whom nothing else was agreed to', async () => {
    const item = await made('items', itemOf('awaited', { title: 'Decaf' }));
    const variant = await made('variants', variantOf('awaited', item, { inventory_quantity: 0 }));
    const relationships = { variant: { data: { type: 'catalog-variant' as const, id: variant } } };
    const { status } = (
      await stage.sdk.catalogs.createBackInStockSubscription({
        data: {
          type: 'back-in-stock-subscription',
          attributes: {
            channels: ['EMAIL'],
            profile: { data: { type: 'profile', attributes: { email: 'waits@example.com' } } },
          },
          relationships,
        },
      })
    ).response;
    expect(status).toBe(202);
    // The SDK has no method for it.
    const client = { body: waitingFor(variant, { email: 'visitor@example.com' }), key: null };
    const visited = await stage.send('POST', '/client/back-in-stock-subscriptions?company_id=Bean01', client);
    expect(visited.status, visited.text).toBe(202);
    await stage.settle();
    const events = await get('/api/events?include=metric,profile');
    const awaited = events.many.map(({ attributes }) => attributes['event_properties']);
    const told = { VariantId: 'awaited', VariantName: 'Bag awaited', ProductID: 'awaited', ProductName: 'Decaf' };
    expect(awaited).toEqual([expect.objectContaining(told), expect.objectContaining(told)]);
    expect(events.included.map(({ attributes }) => attributes['name'] ?? attributes['email']).sort()).toEqual([
      'Subscribed to Back in Stock',
      'visitor@example.com',
      'waits@example.com',
    ]);
    const path = '/api/profiles?additional-fields[profile]=subscriptions&filter=equals(email,"waits@example.com")';
    const [person] = (await get(path)).many;
    expect(person?.attributes['subscriptions']).toMatchObject({
      email: { marketing: { consent: 'NEVER_SUBSCRIBED' } },
    });
  });

  it.each([
    ['an unknown variant', waitingFor(catalogId('nothing')), 404, '/data/relationships/variant/data/id'],
    ['nobody', waitingFor(catalogId('awaited'), {}), 400, '/data/attributes/profile/data'],
  ])('is refused with %s', async (_, body, status, pointer) => {
    const answer = await expectRefused(stage, () => post('/api/back-in-stock-subscriptions', body), status);
    expect(answer.errors[0]?.source.pointer).toContain(pointer);
  });
});

it('every operation on catalogs was exercised', () => expectExercised(stage, 'catalogs'));
