import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allTagOperations } from '../../../shared/domain/tags/index.ts';
import { definitionItem } from '../../../shared/storage/definitions.ts';
import type { TaggedItem } from '../../../shared/storage/items.ts';
import { definitionKey, taggedKey } from '../../../shared/storage/patterns.ts';
import { type Setting, setting } from '../setting.ts';

const at = '2026-01-01T00:00:00.000Z';
const outline = (id: string) => ({ id, version: 1, name: id, created: at, updated: at });
const named = (type: string, name: string, rest: object = {}) => ({ data: { type, attributes: { name }, ...rest } });

async function holding(kind: 'list' | 'tag' | 'tag-group', count: number): Promise<Setting> {
  const place = await setting(allTagOperations);
  const data =
    kind === 'tag' ? { group: (await place.call('GET', '/api/tag-groups')).many[0]?.id } : { exclusive: false };
  const items = Array.from({ length: count }, (_, n) =>
    definitionItem(place.account, kind, outline(`${kind} ${n}`), data),
  );
  await place.store.writeMany(items.map((put) => ({ put })));
  return place;
}

describe('what an account may have', () => {
  it.each([
    { kind: 'tag', path: '/api/tags', most: 500, held: 498 },
    // The default one counts.
    { kind: 'tag-group', path: '/api/tag-groups', most: 50, held: 47 },
  ] as const)('is $most of $kind, however many ask at once', async ({ kind, path, most, held }) => {
    const { call } = await holding(kind, held);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all(names.map((name) => call('POST', path, named(kind, name))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 400, 400, 400]);
    expect(answers.find(({ status }) => status === 400)?.errors[0]?.detail).toContain(String(most));
  });

  it('is 100 tags on one thing; removed ones do not count', async () => {
    const place = await holding('tag', 102);
    const { account, call, store } = place;
    await store.write({ put: definitionItem(account, 'list', outline('list'), {}) });
    const tags = Array.from({ length: 100 }, (_, n) => `tag ${n}`);
    const tagged: TaggedItem = { ...taggedKey(account, 'list', 'list'), kind: 'tagged', version: 1, id: 'list', tags };
    await store.write({ put: tagged });
    const give = (n: number) =>
      call('POST', `/api/tags/tag ${n}/relationships/lists`, { data: [{ type: 'list', id: 'list' }] });
    expect((await give(100)).status).toBe(400);
    expect((await call('DELETE', '/api/tags/tag 7')).status).toBe(204);
    expect((await give(100)).status).toBe(204);
    expect((await give(101)).status).toBe(400);
  });

  it('is as many at once as are named, in stretches', async () => {
    const { account, call, store } = await holding('list', 120);
    const made = await call('POST', '/api/tags', named('tag', 'wide'));
    const data = Array.from({ length: 120 }, (_, n) => ({ type: 'list', id: `list ${n}` }));
    const path = `/api/tags/${made.one.id}/relationships/lists`;
    expect((await call('POST', path, { data })).status).toBe(204);
    expect((await call('GET', path)).many).toHaveLength(120);
    await store.write({ remove: definitionKey(account, 'tag', made.one.id) });
    expect((await call('GET', path)).status).toBe(404);
  });
});

it('an exclusive group has one tag at most on anything, after any requests in any order', async () => {
  const step = fc.record({ give: fc.boolean(), tag: fc.nat(3), list: fc.nat(1) });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 6 }), async (rounds) => {
      const { call } = await holding('list', 2);
      const exclusive = await call('POST', '/api/tag-groups', {
        data: { type: 'tag-group', attributes: { name: 'One of', exclusive: true } },
      });
      const group = { relationships: { 'tag-group': { data: { type: 'tag-group', id: exclusive.one.id } } } };
      const tags = await Promise.all(
        [0, 1, 2, 3].map((n) => call('POST', '/api/tags', named('tag', `t${n}`, n < 3 ? group : {}))),
      );
      for (const round of rounds) {
        await Promise.all(
          round.map(({ give, tag, list }) =>
            call(give ? 'POST' : 'DELETE', `/api/tags/${tags[tag]?.one.id}/relationships/lists`, {
              data: [{ type: 'list', id: `list ${list}` }],
            }),
          ),
        );
      }
      const held = await Promise.all(tags.map(({ one }) => call('GET', `/api/tags/${one.id}/relationships/lists`)));
      for (const list of ['list 0', 'list 1'])
        expect(held.slice(0, 3).filter(({ many }) => many.some(({ id }) => id === list)).length).toBeLessThan(2);
    }),
    { numRuns: 20 },
  );
});
