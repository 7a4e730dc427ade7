import { describe, expect, it } from 'vitest';
import { feedNamed, webFeedOperations } from '../../../shared/domain/webfeeds/index.ts';
import { parsed } from '../../../shared/domain/webfeeds/parse.ts';
import { day, minute } from '../../../shared/kernel/time.ts';
import { HttpRefused } from '../../../shared/ports.ts';
import { type Setting, setting } from '../setting.ts';

const url = 'https://shop.example/news';
const feedOf = (attributes: object = {}) => ({
  data: {
    type: 'web-feed',
    attributes: { name: 'news', url, request_method: 'get', content_type: 'json', ...attributes },
  },
});

async function shop(
  attributes: object = {},
): Promise<Setting & { id: string; answers: (body: string | undefined, status?: number) => void }> {
  const s = await setting(webFeedOperations);
  const { one } = await s.call('POST', '/api/web-feeds', feedOf(attributes));
  const answers = (body: string | undefined, status = 200) =>
    s.http.answer(url, () =>
      body === undefined ? undefined : { status, headers: {}, body: Buffer.from(body, 'latin1') },
    );
  return { ...s, id: one.id, answers };
}

const statusOf = async (s: Setting & { id: string }) =>
  (await s.call('GET', `/api/web-feeds/${s.id}`)).one.attributes['status'];

describe('a web feed', () => {
  it('is fetched once for many messages, and anew after a quarter of an hour', async () => {
    const s = await shop();
    s.answers('[{"title":"One"}]');
    const values = [];
    for (let n = 0; n < 5; n += 1) values.push(await feedNamed(s.ports, s.account, 'news'));
    expect(values).toEqual(Array.from({ length: 5 }, () => [{ title: 'One' }]));
    expect(s.http.calls).toHaveLength(1);
    expect(s.http.calls[0]).toMatchObject({ method: 'GET', deadline: 5000, largest: 2_000_000, redirects: 3 });
    // A worker that holds nothing reads what another one fetched.
    const other = { ...s.ports, store: { ...s.ports.store } };
    expect(await feedNamed(other, s.account, 'news')).toEqual([{ title: 'One' }]);
    expect(s.http.calls).toHaveLength(1);
    s.clock.advance(15 * minute);
    s.answers('[{"title":"Two"}]');
    expect(await feedNamed(s.ports, s.account, 'news')).toEqual([{ title: 'Two' }]);
    expect(s.http.calls).toHaveLength(2);
  });

  it('shows what it said before while its server fails, for a day', async () => {
    const s = await shop();
    s.answers('{"a":1}');
    expect(await feedNamed(s.ports, s.account, 'news')).toEqual({ a: 1 });
    s.answers(undefined);
    s.clock.advance(15 * minute);
    expect(await feedNamed(s.ports, s.account, 'news')).toEqual({ a: 1 });
    expect(await statusOf(s)).toBe('warning_periodic_refresh_timeout');
    s.clock.advance(day);
    expect(await feedNamed(s.ports, s.account, 'news')).toBeUndefined();
    expect(await statusOf(s)).toBe('critical_nightly_refresh_timeout');
    s.answers('{"a":2}');
    s.clock.advance(15 * minute);
    expect(await feedNamed(s.ports, s.account, 'news')).toEqual({ a: 2 });
    expect(await statusOf(s)).toBe('ok');
  });

  it('that is changed is fetched anew; one that is removed is none', async () => {
    const s = await shop();
    s.answers('1');
    expect(await feedNamed(s.ports, s.account, 'news')).toBe(1);
    s.answers('<a>x</a>');
    const { status } = await s.call('PATCH', `/api/web-feeds/${s.id}`, {
      data: { type: 'web-feed', id: s.id, attributes: { content_type: 'xml', request_method: 'post' } },
    });
    expect(status).toBe(200);
    expect(await feedNamed(s.ports, s.account, 'news')).toEqual({ a: 'x' });
    expect(s.http.calls.at(-1)).toMatchObject({ method: 'POST', redirects: 0 });
    expect((await s.call('DELETE', `/api/web-feeds/${s.id}`)).status).toBe(204);
    expect(await feedNamed(s.ports, s.account, 'news')).toBeUndefined();
    expect(s.files.entries.size).toBe(0);
  });

  it('has a name of its own and an https address', async () => {
    const s = await shop();
    expect((await s.call('POST', '/api/web-feeds', feedOf())).status).toBe(409);
    for (const address of ['http://shop.example', 'file:///etc/passwd', 'javascript:1', 'x']) {
      const { status, errors } = await s.call('POST', '/api/web-feeds', feedOf({ name: 'b', url: address }));
      expect(status).toBe(400);
      expect(errors[0]?.source).toEqual({ pointer: '/data/attributes/url' });
    }
  });

  it('that must not be called holds nothing', async () => {
    const s = await shop();
    s.http.answer(url, () => {
      throw new HttpRefused('The address is not public.');
    });
    expect(await feedNamed(s.ports, s.account, 'news')).toBeUndefined();
  });
});

const lol = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from({ length: 9 }, (_, i) => `<!ENTITY lol${i} "&lol${i - 1};&lol${i - 1};">`).join('')}]>`;

describe('what servers answer', () => {
  it.each<[string, 'json' | 'xml', string]>([
    ['nothing', 'json', ''],
    ['a page', 'json', '<html></html>'],
    ['half of it', 'json', '{"a":'],
    ['no number', 'json', 'NaN'],
    ['bytes that are no text', 'json', '"\xff"'],
    ['nothing', 'xml', ''],
    ['no element', 'xml', 'hello'],
    ['half of it', 'xml', '<a><b>x</b>'],
    ['wrong ends', 'xml', '<a><b></a></b>'],
    ['two roots', 'xml', '<a/><b/>'],
    ['elements without end', 'xml', '<a>'.repeat(60) + '</a>'.repeat(60)],
    ['a crowd of elements', 'xml', `<a>${'<b/>'.repeat(60_000)}</a>`],
  ])('%s as %s is no feed', async (_, content_type, body) => {
    const s = await shop({ content_type });
    s.answers(body);
    expect(await feedNamed(s.ports, s.account, 'news')).toBeUndefined();
    s.answers('{}', 500);
    s.clock.advance(15 * minute);
    expect(await feedNamed(s.ports, s.account, 'news')).toBeUndefined();
  });

  it('is read as lists and bags; nothing is fetched or expanded on the way', async () => {
    const rss =
      '<rss version="2.0"><channel><item><title>A &amp; B</title></item><item><title><![CDATA[<C>]]></title></item></channel></rss>';
    expect(await parsed(rss, 'xml')).toEqual({
      rss: { version: '2.0', channel: { item: [{ title: 'A & B' }, { title: '<C>' }] } },
    });
    expect(await parsed('<a><link href="x"/><b/></a>', 'xml')).toEqual({ a: { link: { href: 'x' }, b: '' } });
    const bomb = await parsed(`${lol}<a>&lol8;<b>x</b></a>`, 'xml');
    expect(bomb).toEqual({ a: { b: 'x' } });
    const { a: odd } = (await parsed('<a><__proto__>x</__proto__><constructor>y</constructor></a>', 'xml')) as {
      a: object;
    };
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
    expect(Object.keys(odd)).toEqual(['__proto__', 'constructor']);
    const external = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>';
    expect(await parsed(external, 'xml')).toEqual({ a: '&x;' });
    expect(await parsed('\ufeff{"a":1}', 'json')).toEqual({ a: 1 });
  });
});
