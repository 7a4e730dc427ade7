// Links in texts lead by us, in a few letters, and the click is told of.
import { describe, expect, it } from 'vitest';
import { answer } from '../../../functions/pages/answer.ts';
import { removeAllOf } from '../../../shared/domain/identity/index.ts';
import type { SmsContent } from '../../../shared/domain/messaging/index.ts';
import { day } from '../../../shared/kernel/time.ts';
import type { EventItem } from '../../../shared/storage/items.ts';
import { sms, stage } from './phones.ts';
import { account } from './setting.ts';

const browser = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15';
const plain = { ...sms, orgPrefix: false, optOutLanguage: false, smartSending: false };
const linked = { ...plain, links: { params: [], facts: {} } } satisfies SmsContent;

async function texted(content: SmsContent) {
  const world = await stage();
  await world.say('sms');
  const item = await world.send(content);
  const body = world.sms.inbox.at(-1)?.body ?? '';
  const paths = [...body.matchAll(/https:\/\/m\.example(\/p\/s\/\w+\.\w{12})/g)].map(([, path = '']) => path);
  const follow = (path: string, agent = browser) =>
    answer(world.ports, { method: 'GET', path, query: '', headers: { 'user-agent': agent } });
  const told = () =>
    world.store
      .dump()
      .filter((one): one is EventItem => one.kind === 'event' && (one as EventItem).metric_name === 'Clicked SMS')
      .map(({ body: text = '' }) => JSON.parse(text) as Record<string, unknown>);
  return { ...world, item, body, paths, follow, told };
}

const url = 'https://shop.example/a/very/long/address?of=something&more=1';

describe('a link in a text', () => {
  it('is short, leads to where it led, and is told of', async () => {
    const { body, paths, follow, told, item } = await texted({ ...linked, body: `Look: ${url}. Or (${url}/b)!` });
    expect(body).toMatch(
      /^Look: https:\/\/m\.example\/p\/s\/\w+\.\w{12}\. Or \(https:\/\/m\.example\/p\/s\/\w+\.\w{12}\)!$/,
    );
    expect(item.links).toHaveLength(2);
    expect(await follow(paths[0]!)).toMatchObject({ status: 302, headers: { location: url } });
    expect(await follow(paths[1]!)).toMatchObject({ headers: { location: `${url}/b` } });
    await follow(paths[0]!);
    expect(told()).toHaveLength(2);
    expect(told()).toContainEqual(expect.objectContaining({ URL: url, 'Bot Click': false, $flow: 'F' }));
  });

  it('by software is marked as such', async () => {
    const { paths, follow, told } = await texted({ ...linked, body: url });
    expect((await follow(paths[0]!, 'curl/8')).status).toBe(302);
    expect(told()).toMatchObject([{ 'Bot Click': true }]);
  });

  it('carries the parameters of the account', async () => {
    const params = [{ name: 'utm_medium', value: { type: 'dynamic', value: 'message_type' } }] as const;
    const { paths, follow } = await texted({ ...linked, body: url, links: { params, facts: {} } });
    expect((await follow(paths[0]!)).headers['location']).toBe(`${url}&utm_medium=sms`);
  });

  it('stays as it is where the message wants that, and what is no address does', async () => {
    expect((await texted({ ...plain, body: `Look: ${url}` })).body).toBe(`Look: ${url}`);
    const odd = 'See shop.example, http:// and mailto:a@b.example';
    expect((await texted({ ...linked, body: odd })).body).toBe(odd);
  });

  it('is gone after half a year, with its person, and where nobody made one', async () => {
    const { paths, follow, clock, store, ports, of } = await texted({ ...linked, body: url });
    const [path = ''] = paths;
    for (const one of [path.slice(0, -1), `${path}x`, path.replace('AbC123', 'XyZ789'), '/p/s/', '/p/s/AbC123.']) {
      expect((await follow(one)).status).toBe(404);
    }
    clock.advance(180 * day + 1000);
    expect((await follow(path)).status).toBe(404);
    await removeAllOf(ports, account, of);
    expect(store.dump().filter(({ kind }) => kind === 'short-link')).toEqual([]);
  });
});
