// The scenarios of feeds of the catalog: each item ends as the newest document says, whatever happens to any call, and the
// counts of the runs add up.
import { minute } from '../../shared/kernel/time.ts';
import { type Scenario, type Stage, rest, scenario } from './scenarios.ts';

const url = 'https://shop.example/feed';
const product = (id: string, more: object = {}) => ({ id, title: id, link: 'l', description: 'd', ...more });

function answers({ world }: Stage, items: readonly object[]): void {
  const body = Buffer.from(JSON.stringify(items));
  world.http.answer(url, () => ({ status: 200, headers: {}, body }));
}

const feedOf = () => ({ data: { type: 'catalog-feed', attributes: { name: 'All', url } } });

/** A server that could not be reached is asked again later. */
async function again(stage: Stage, feed: string): Promise<void> {
  const [newest] = await stage.walk(`/x/catalog-feeds/${feed}/runs`);
  if (newest?.attributes['refusal'] !== 'The server could not be reached, or broke off.') return;
  await stage.make('POST', `/x/catalog-feeds/${feed}/run`, { data: { type: 'catalog-feed-run', attributes: {} } });
  await rest(stage);
}

/** The catalog by external id, the newest run, and the number of runs that applied something. */
async function found(stage: Stage, feed: string) {
  await again(stage, feed);
  const items = await stage.walk('/api/catalog-items');
  const runs = await stage.walk(`/x/catalog-feeds/${feed}/runs`);
  const changes = await Promise.all(runs.map(({ id }) => stage.walk(`/x/catalog-feed-runs/${id}/changes`)));
  return { items, runs, changes };
}

function differing(what: string, is: unknown, should: unknown): string[] {
  const [a, b] = [JSON.stringify(is), JSON.stringify(should)];
  return a === b ? [] : [`${what} are ${a}, not ${b}`];
}

/** Every count is that of what is told of single items, and all objects have an outcome. */
function uncounted({ runs, changes }: Awaited<ReturnType<typeof found>>): string[] {
  return runs.flatMap(({ id, attributes: run }, at) => {
    const of = (change: string) =>
      (changes[at] ?? []).filter(({ attributes }) => attributes['change'] === change).length;
    const told = ['created', 'updated', 'unpublished', 'deleted'].map((change) => run[`${change}_items`]);
    const sum = [run['created_items'], run['updated_items'], run['unchanged_items'], run['failed_count']];
    const all = sum.reduce<number>((a, b) => a + Number(b), 0);
    return [
      ...(run['status'] === 'complete' ? [] : [`run ${id} stays ${String(run['status'])}`]),
      ...differing(`counts of ${id}`, told, ['created', 'updated', 'unpublished', 'deleted'].map(of)),
      ...(run['refusal'] === null ? differing(`objects of ${id}`, all, run['total_count']) : []),
    ];
  });
}

export const feeds: Record<string, Scenario> = {
  'a feed fills a catalog': scenario<string[]>({
    prepare: async (stage) => {
      answers(stage, [product('a', { price: 1, inventory_quantity: 2, categories: ['x'] }), product('b'), { id: 'c' }]);
      await rest(stage);
      return [];
    },
    act: async (stage, made) => {
      made.push(await stage.make('POST', '/x/catalog-feeds', feedOf()));
    },
    follow: minute,
    expect: async (stage, [feed = '']) => {
      const end = await found(stage, feed);
      const names = end.items.map(({ attributes }) => attributes['external_id']).sort();
      return [...differing('items', names, ['a', 'b']), ...uncounted(end)];
    },
  }),

  'another document of a feed': scenario({
    prepare: async (stage) => {
      answers(stage, [product('a', { inventory_quantity: 2 }), product('b'), product('c', { inventory_quantity: 1 })]);
      const feed = await stage.make('POST', '/x/catalog-feeds', feedOf());
      await rest(stage);
      answers(stage, [product('a', { inventory_quantity: 3 }), product('b'), product('d', { inventory_quantity: 4 })]);
      return feed;
    },
    act: async (stage, feed) => {
      await stage.make('POST', `/x/catalog-feeds/${feed}/run`, { data: { type: 'catalog-feed-run', attributes: {} } });
    },
    follow: minute,
    expect: async (stage, feed) => {
      const end = await found(stage, feed);
      const published = end.items.map(({ attributes }) => [attributes['external_id'], attributes['published']]).sort();
      // Asked again after a lost answer, it may have been pulled twice: of the later runs one made it.
      const made = end.runs.slice(0, -1).reduce((sum, { attributes }) => sum + Number(attributes['created_items']), 0);
      const stock = await stage.walk('/api/catalog-variants');
      const left = stock.map(({ attributes: { sku, inventory_quantity: n, published: p } }) => [sku, n, p]).sort();
      return [
        ...differing('items', published, [
          ['a', true],
          ['b', true],
          ['c', false],
          ['d', true],
        ]),
        ...differing('variants', left, [
          ['a', 3, true],
          ['c', 1, false],
          ['d', 4, true],
        ]),
        ...differing('created', made, 1),
        ...uncounted(end),
      ];
    },
  }),
};
