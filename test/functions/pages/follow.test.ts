// Links that lead on, the picture that tells of opens, and the email as a page.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { create as createFeedback } from '../../../functions/feedback/main.ts';
import { answer } from '../../../functions/pages/answer.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { withdraw } from '../../../shared/domain/consent/words.ts';
import { type LinkContent, type LinkKind, signLink } from '../../../shared/domain/messaging/links.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { minute, sortable } from '../../../shared/kernel/time.ts';
import type { EventItem } from '../../../shared/storage/items.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { context, sqsEvent } from '../../lambda/events.ts';
import { account, address, setting } from '../../domain/messaging/setting.ts';

const browser = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15';
const url = 'https://shop.example/shoes?a=1&b=ü#top';

async function arrived() {
  const made = await setting();
  const message = await made.queue();
  await made.send(message);
  const of = { profile: made.profile, message };
  const path = <Kind extends LinkKind>(kind: Kind, content: LinkContent<Kind>, secret = made.owner.secret) =>
    `/p/${kind}/${signLink(secret, kind, account, content)}`;
  const ask = (at: string, headers: Record<string, string> = { 'user-agent': browser }, method = 'GET', query = '') =>
    answer(made.ports, { method, path: at, query, headers });
  const told = () =>
    made.store
      .dump()
      .filter((item): item is EventItem => item.kind === 'event')
      .map(({ metric_name: metric, body = '' }): Record<string, unknown> => ({
        ...(JSON.parse(body) as Record<string, unknown>),
        metric,
      }));
  return { ...made, message, of, path, ask, told };
}

describe('a click', () => {
  it('is told of, and leads where the token says and nowhere else', async () => {
    const { ask, path, of, told } = await arrived();
    const at = path('click', { ...of, url });
    const answered = await ask(at, { 'user-agent': browser }, 'GET', 'url=https://evil.example&u=https://evil.example');
    expect(answered).toMatchObject({
      status: 302,
      headers: { location: new URL(url).href, 'cache-control': 'no-store' },
    });
    expect(told()).toMatchObject([{ metric: 'Clicked Email', $message: 'a1', URL: url, 'Bot Click': false }]);
  });

  it('counts once in a minute, and each link by itself', async () => {
    const { ask, path, of, told, clock } = await arrived();
    const at = path('click', { ...of, url });
    for (let n = 0; n < 5; n += 1) await ask(at);
    expect(told()).toHaveLength(1);
    await ask(path('click', { ...of, url: 'https://shop.example/other' }));
    expect(told()).toHaveLength(2);
    clock.advance(minute);
    await ask(at);
    expect(told()).toHaveLength(3);
  });

  it.each([
    ['no name', {}],
    ['a library', { 'user-agent': 'python-requests/2.31.0' }],
    ['a scanner', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }],
    ['a browser that fetches ahead', { 'user-agent': browser, 'sec-purpose': 'prefetch' }],
  ])('of software is marked as such: %s', async (_what, headers) => {
    const { ask, path, of, told } = await arrived();
    expect((await ask(path('click', { ...of, url }), headers)).status).toBe(302);
    expect(told()).toMatchObject([{ metric: 'Clicked Email', 'Bot Click': true }]);
  });

  it('leads on although nothing can be noted any more', async () => {
    const { ask, path, of, told, ports } = await arrived();
    await ports.store.write({ remove: profileKey(account, of.profile) });
    const at = path('click', { ...of, url });
    expect((await ask(at)).status).toBe(302);
    const failing = { ...ports, store: { ...ports.store, query: () => Promise.reject(new Error('down')) } };
    expect((await answer(failing, { method: 'GET', path: at, query: '', headers: {} })).status).toBe(302);
    expect(told()).toEqual([]);
  });

  it('that says something of the person is written down, by people alone', async () => {
    const { ask, path, of, told, ports } = await arrived();
    const at = path('property', { ...of, property: 'Shoe size', value: '42', url });
    const size = async () => JSON.parse((await ports.store.get(profileKey(account, of.profile)))!.properties) as object;
    expect((await ask(at, {})).status).toBe(302);
    expect(await size()).toEqual({});
    expect((await ask(at)).headers['location']).toBe(new URL(url).href);
    expect(await size()).toEqual({ 'Shoe size': '42' });
    expect(
      told()
        .map((one) => one['Bot Click'])
        .toSorted(),
    ).toEqual([false, true]);
  });
});

describe('what cannot be written down at once', () => {
  const down = () => Promise.reject(new Error('no room'));

  it('is taken up later, as of when it was, once, and the person is led on meanwhile', async () => {
    const { path, of, told, ports, clock, store } = await arrived();
    const queued: unknown[] = [];
    const queue = { send: async (_: string, sent: readonly { body: unknown }[]) => void queued.push(...sent) };
    const full = { ...ports, queue, store: { ...ports.store, transact: down } };
    const ask = (at: string) =>
      answer(full, { method: 'GET', path: at, query: '', headers: { 'user-agent': browser } });
    const property = { property: 'Shoe size', value: '42' };
    expect(await ask(path('click', { ...of, url }))).toMatchObject({ status: 302 });
    expect(await ask(path('open', of))).toMatchObject({ status: 200 });
    expect(await ask(path('property', { ...of, ...property, url: 'https://shop.example/sizes' }))).toMatchObject({
      status: 302,
    });
    expect(told()).toEqual([]);
    const then = clock.now();
    clock.advance(5 * minute);
    const bodies = queued.map((one) => JSON.stringify((one as { body: unknown }).body));
    expect(bodies).toHaveLength(3);
    const worker = createFeedback(ports);
    for (let time = 0; time < 2; time += 1)
      expect(await worker(sqsEvent(...bodies), context)).toEqual({ batchItemFailures: [] });
    expect(
      told()
        .map(({ metric }) => metric)
        .toSorted(),
    ).toEqual(['Clicked Email', 'Clicked Email', 'Opened Email']);
    const events = store.dump().filter((item): item is EventItem => item.kind === 'event');
    expect(new Set(events.map(({ at }) => at))).toEqual(new Set([sortable(then)]));
    const profile = await ports.store.get(profileKey(account, of.profile));
    expect(JSON.parse(profile!.properties)).toEqual({ 'Shoe size': '42' });
  });

  it('is lost only where nothing can be queued either', async () => {
    const { path, of, ports, told } = await arrived();
    const nothing = { ...ports, store: { ...ports.store, transact: down }, queue: { send: down } };
    const request = { method: 'GET', path: path('click', { ...of, url }), query: '', headers: {} };
    expect((await answer(nothing, request)).status).toBe(302);
    expect(told()).toEqual([]);
  });
});

describe('an open', () => {
  it('is told of by a picture', async () => {
    const { ask, path, of, told } = await arrived();
    const { status, headers, body = '' } = await ask(path('open', of));
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'image/gif', 'cache-control': 'no-store' });
    expect(body.slice(0, 6)).toBe('GIF89a');
    expect(Buffer.from(body, 'utf8').equals(Buffer.from(body, 'latin1'))).toBe(true);
    await ask(path('open', of));
    expect(told()).toMatchObject([{ metric: 'Opened Email', $message: 'a1', machine_open: false }]);
  });

  it('by privacy protection is marked, one by a proxy of a mail program is not', async () => {
    const { ask, path, of, told } = await arrived();
    await ask(path('open', of), { 'user-agent': 'Mozilla/5.0' });
    await ask(path('open', of), { 'user-agent': 'Mozilla/5.0 (via ggpht.com GoogleImageProxy)' });
    expect(
      told()
        .map((one) => one['machine_open'])
        .toSorted(),
    ).toEqual([false, true]);
  });

  it('of who withdrew the consent to it is not told of, though the picture is shown', async () => {
    const { ask, path, of, told, ports, clock } = await arrived();
    const word = { kind: 'open_tracking', of: address, at: clock.now(), how: { method: 'API' } } as const;
    await withdraw(ports, account, word);
    expect((await ask(path('open', of))).status).toBe(200);
    expect(told().filter(({ metric }) => metric === 'Opened Email')).toEqual([]);
  });
});

describe('tokens of every kind', () => {
  const kinds = ['click', 'open', 'property', 'view'] as const;
  const whole = { profile: 'p', message: 'm', url, property: 'x', value: 'y' };

  it.each(kinds)('%s: changed, cut off, of another kind or another account, they lead nowhere', async (kind) => {
    const { ask, path, of, ports, store } = await arrived();
    const at = path(kind, { ...whole, ...of });
    const other = await createAccount(ports, { name: 'Other', senderEmail: 'o@o.example', publicId: 'XyZ789' });
    const foreign = signLink(other.secret, kind, accountId('XyZ789'), { ...whole, ...of });
    const before = JSON.stringify(store.dump());
    const others = kinds.filter((one) => one !== kind).map((one) => at.replace(`/${kind}/`, `/${one}/`));
    const bad = [
      ...[at.slice(0, -1), `${at}A`, `${at}=`, at.toLowerCase(), at.replace('AbC123', 'XyZ789'), ...others],
      path(kind, { ...whole, ...of }, 'another secret'),
      `/p/${kind}/${foreign.replace('XyZ789', account)}`,
      ...[`/p/${kind}/`, `/p/${kind}/AbC123.${'A'.repeat(80)}`, `/p/constructor/x`],
    ];
    for (const one of bad) expect((await ask(one)).status, one).toBe(404);
    expect(JSON.stringify(store.dump()) === before).toBe(true);
  });

  it('are not guessed', async () => {
    const { ask } = await arrived();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kinds),
        fc.uint8Array({ minLength: 17, maxLength: 90 }),
        async (kind, bytes) => {
          const { status } = await ask(`/p/${kind}/${account}.${Buffer.from(bytes).toString('base64url')}`);
          expect(status).toBe(404);
        },
      ),
      { numRuns: 300 },
    );
  });
});
