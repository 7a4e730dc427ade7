import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../functions/local/seed.ts';
import { type Listening, listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { day, hour, second } from '../../shared/kernel/time.ts';
import type { Message } from '../../shared/messages.ts';
import { segmentMemberKey } from '../../shared/storage/patterns.ts';
import { queues, visibilitySeconds } from '../../shared/topology.ts';
import { balanced, idsIn, linksIn } from '../support/html.ts';
import { callTo } from '../support/local.ts';
import * as shop from '../support/shop.ts';

const hostile = `<script>alert(1)</script>"'>\u202egnp&amp;`;
const buyer = { email: shop.emailOf(1), first_name: hostile, properties: { '</pre><b>': hostile } };
const phone = '+14155552671';
/** A person who is named by nothing but a hostile text. */
const odd = { external_id: hostile };

let local: Listening;
let segmentId: string;
let flowId: string;
let listId: string;
const people: Record<string, string> = {};

async function idOf(filter: string): Promise<string> {
  const path = `/api/profiles?filter=${encodeURIComponent(filter)}`;
  const { data } = (await callTo(local.system, 'GET', path)) as unknown as { data: { id: string }[] };
  return data[0]?.id ?? '';
}

/** A shop in the middle of its day: sent and held messages, people who wait, hostile names everywhere. */
beforeAll(async () => {
  local = await listen(0, (publicUrl) => createSystem({ publicUrl, real: false }));
  const { system } = local;
  const make = async (path: string, body: object) => (await callTo(system, 'POST', path, body)).data.id;
  await callTo(system, 'POST', '/api/events', shop.event(buyer, 0));
  await system.world.settle();
  const { data } = (await callTo(system, 'GET', '/api/metrics')) as unknown as { data: { id: string }[] };
  const metric = data[0]?.id ?? '';
  segmentId = await make('/api/segments', shop.segment(metric));
  listId = await make('/api/lists', shop.list(hostile));
  const body = `<p>Order {{ event.OrderId }} <a href="${local.url}/p/preview?a=1&amp;b=2">look</a></p>`;
  const template = await make('/api/templates', shop.template(body));
  flowId = await make('/api/flows', shop.flow(metric, template));
  await callTo(system, 'PATCH', `/api/flows/${flowId}`, shop.live(flowId));
  await callTo(system, 'POST', '/api/profile-subscription-bulk-create-jobs', shop.subscription(buyer.email, listId));
  await system.world.settle();
  await callTo(system, 'POST', '/api/events', shop.event(buyer, 1));
  await callTo(system, 'POST', '/api/events', shop.event(odd, 2, { metric: hostile }));
  await callTo(system, 'POST', '/api/events', shop.event(odd, 3));
  await system.world.advance(2 * hour);
  for (let order = 10; order < 65; order += 1) {
    await callTo(system, 'POST', '/api/events', shop.event({ email: shop.emailOf(order) }, order, { notes: [] }));
  }
  for (let order = 100; order < 160; order += 1) {
    await callTo(system, 'POST', '/api/events', shop.event(buyer, order, { metric: 'Viewed', notes: [String(order)] }));
    await system.world.advance(second);
  }
  await callTo(system, 'POST', '/api/events', shop.event({ email: shop.emailOf(2), phone_number: phone }, 4));
  await system.world.settle();
  people['buyer'] = await idOf(`equals(email,"${buyer.email}")`);
  people['second'] = await idOf(`equals(email,"${shop.emailOf(2)}")`);
}, 60_000);

afterAll(() => local.close());

const open = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${local.url}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });

async function page(path: string): Promise<string> {
  const answer = await open(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

const send = (form: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${local.url}/x/local/forms/${form}`, {
    ...{ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers },
  });

const now = () => local.system.world.clock.now();

/** Everything that can be reached from the overview by links and frames, with its text. */
async function crawl(): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  const waiting = ['/', '/x/local'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    const answer = await open(path);
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await answer.text();
    seen.set(path, text);
    const links = linksIn(text).filter((link) => link.startsWith('/') || link.startsWith(local.url));
    waiting.push(...links.map((link) => link.replace(local.url, '').replace(/#.*/, '')));
    if (seen.size > 1000) throw new Error('There is no end of pages.');
  }
  return seen;
}

describe('the pages of the local system', () => {
  it('are all reached by links of which none is dead, and are whole', async () => {
    const seen = await crawl();
    const kinds = ['', '/inbox', '/people', '/segments', '/flows', '/work'].map((part) => `/x/local${part}`);
    const found = [`/x/local/flows/${flowId}`, `/x/local/segments/${segmentId}`, `/x/local/lists/${listId}`];
    for (const path of [...kinds, ...found]) expect([...seen.keys()]).toContain(path);
    expect(seen.size).toBeGreaterThan(70);
    for (const [path, text] of seen) {
      if (path.endsWith('/body') || path.startsWith('/p/')) continue;
      expect([path, balanced(text)]).toEqual([path, undefined]);
      expect(text).toMatch(/^<!doctype html>\s*<html lang="en">/i);
      expect(text).toMatch(/<title>\s*\S[^<]*<\/title>/);
      expect(text.match(/<h1\b/g)).toHaveLength(1);
      const ids = idsIn(text);
      expect(new Set(ids).size).toBe(ids.length);
      const inside = linksIn(text).filter((link) => link.startsWith('#'));
      for (const link of inside) expect([path, ...ids]).toContain(link.slice(1));
    }
  });

  it('have headings in order, tables with captions and headings, and a label for every field', async () => {
    for (const [path, text] of await crawl()) {
      const levels = [...text.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
      levels.forEach((level, i) => expect([path, level]).toEqual([path, Math.min(level, (levels[i - 1] ?? 0) + 1)]));
      for (const [table = ''] of text.matchAll(/<table\b.*?<\/table>/gs)) {
        expect(table).toMatch(/<caption>\s*\S/);
        expect(table).toMatch(/<th scope="col">/);
        expect(table).not.toMatch(/<th(?! scope=)\b[^e]/);
      }
      for (const [, field = ''] of text.matchAll(/<(?:input|select)\b([^>]*)>/g)) {
        if (field.includes('type="hidden"')) continue;
        const [, id = 'none'] = /\bid="([^"]*)"/.exec(field) ?? [];
        expect(text).toContain(`for="${id}"`);
      }
    }
  });

  it('take names for text, whatever is in them', async () => {
    const texts = [...(await crawl())].filter(([path]) => !path.endsWith('/body')).map(([, text]) => text);
    for (const text of texts) expect(text).not.toMatch(/<script|<img|<b>\s*&quot;|onerror=/);
    expect(texts.some((text) => text.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&gt;'))).toBe(true);
    const person = await page(`/x/local/people/${people['buyer'] ?? ''}`);
    expect(person).toContain('&lt;/pre&gt;&lt;b&gt;');
    // In JSON the mark is shown by its number, elsewhere it is shut into an element of its own direction.
    expect(person).toContain('\\u202egnp');
    expect(person.replaceAll(/<bdi>[^<]*<\/bdi>|<title>[^<]*<\/title>/g, '')).not.toContain('\u202e');
  });

  it('load nothing but their own style and run nothing', async () => {
    for (const path of ['/', '/x/local/inbox', '/x/local/nowhere']) {
      const answer = await open(path);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; frame-src 'self'; form-action 'self';/);
      expect(policy).not.toMatch(/unsafe|script/);
      const style = /<style>(.*?)<\/style>/s.exec(await answer.text())?.[1] ?? '';
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
      expect(policy).toContain(`'sha256-${hash}'`);
    }
  });

  it.each([
    '/x/local/nowhere',
    '/x/local/people/none',
    '/x/local/people/%E0%A4%A',
    '/x/local/segments/none',
    '/x/local/lists/none',
    '/x/local/flows/none',
    '/x/local/inbox/999',
    '/x/local/inbox/999/body',
    '/x/local/inbox/none/none',
    '/x/local/work?account=none',
    '/x/local/forms/none',
  ])('answer 404 at %s', async (path) => {
    const answer = await open(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(balanced(await answer.text())).toBeUndefined();
  });

  it('refuse a place in a list that they did not make', async () => {
    for (const path of ['/x/local/people?after=x', `/x/local/people/${people['buyer'] ?? ''}?after=%7B%7D`])
      expect((await open(path)).status).toBe(400);
  });

  it('leave text and JSON to programs', async () => {
    const text = await (await fetch(`${local.url}/`)).text();
    expect(text).toContain(`curl -s ${local.url}/api/profiles`);
    const answer = await open('/x/local/inbox', { accept: 'application/json' });
    expect(Object.keys((await answer.json()) as object)).toEqual(['data', 'sms', 'push', 'calls', 'held']);
  });
});

describe('what the pages tell', () => {
  it('the overview: how to talk to the system, and what is in it', async () => {
    const text = await page('/');
    expect(text).toContain(seeded.key);
    expect(text).toContain(`curl -s ${local.url}/api/profiles`);
    expect(text).toContain(`events.basePath = &#x27;${local.url}&#x27;;`);
    expect(text).toMatch(/<b>58<\/b\s*>\s*<a href="\/x\/local\/people">people<\/a/);
    expect(text).toMatch(/<b>1<\/b\s*>\s*<a [^>]*>messages sent<\/a/);
    expect(text).toMatch(/<b>1<\/b\s*>\s*<a [^>]*>messages held back<\/a/);
  });

  it('the messages: those of a status, and why each went out or did not', async () => {
    const held = await page('/x/local/inbox?status=SKIPPED');
    expect(held).toContain('Missing Email');
    expect(held).not.toContain('Thank you');
    const [path = ''] = linksIn(held).filter((link) => /^\/x\/local\/inbox\/[^/]+\/[^/]+$/.test(link));
    expect(await page(path)).toContain('Missing Email');
    const sent = await page('/x/local/inbox/1');
    expect(sent).toContain('Thank you (again), ');
    expect(sent).toContain('List-Unsubscribe');
    expect(linksIn(sent)).toContain(`${local.url}/p/preview?a=1&b=2`);
  });

  it('the people: found by whatever names them', async () => {
    const id = people['second'] ?? '';
    for (const wanted of [id, ` ${shop.emailOf(2).toUpperCase()} `, '+1 415 555 2671']) {
      const text = await page(`/x/local/people?q=${encodeURIComponent(wanted)}`);
      expect(linksIn(text).filter((link) => link.startsWith('/x/local/people/'))).toEqual([`/x/local/people/${id}`]);
    }
    expect(await page(`/x/local/people?q=${encodeURIComponent(hostile)}`)).toMatch(/href="\/x\/local\/people\/[^"]+"/);
    expect(await page('/x/local/people?q=nobody')).toContain('Nobody has this identifier.');
  });

  it('a person: every event once, newest first, across pages, and what came of them', async () => {
    const orders: number[] = [];
    const texts: string[] = [];
    for (let path: string | undefined = `/x/local/people/${people['buyer'] ?? ''}`; path !== undefined;) {
      const text = await page(path);
      texts.push(text);
      orders.push(...[...text.matchAll(/&quot;OrderId&quot;: &quot;(\d+)&quot;/g)].map(([, order]) => Number(order)));
      path = linksIn(text).find((link) => link.includes('before='));
    }
    expect(texts).toHaveLength(2);
    expect(orders.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, i) => 159 - i));
    expect(orders.slice(60).sort()).toEqual([0, 1]);
    const all = texts.join('');
    expect(texts[0]).not.toContain('entered <a');
    // The message itself and its receipt.
    expect(all.match(/Thank you \(again\), /g)).toHaveLength(2);
    expect(all.match(/entered <a/g)).toHaveLength(1);
    expect(all).toContain('SUBSCRIBED');
    expect(linksIn(all)).toEqual(
      expect.arrayContaining([`/x/local/lists/${listId}`, `/x/local/segments/${segmentId}`]),
    );
  });

  it('a segment: how many are in it, by what rule, and who', async () => {
    expect(await page('/x/local/segments')).toContain('up to date');
    const text = await page(`/x/local/segments/${segmentId}`);
    expect(text).toContain('&quot;profile-metric&quot;');
    const id = people['buyer'] ?? '';
    expect(
      await local.system.world.store.get(segmentMemberKey(accountId(seeded.account), id, segmentId)),
    ).toBeDefined();
    const rest = linksIn(text).find((link) => link.includes('after='));
    const members = [text, await page(rest ?? '')]
      .flatMap(linksIn)
      .filter((link) => link.startsWith('/x/local/people/'));
    expect(new Set(members).size).toBe(58);
    expect(members).toContain(`/x/local/people/${id}`);
  });

  it('a flow: its actions in their order, and who waits where', async () => {
    const text = (await page('/x/local/flows')).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/Wait 1 hour .*Conditional split .*If so: .*Email .*If not: .*Email /);
    expect(text).toContain('56 people wait');
    expect(text).toContain('Finished 2');
    expect(linksIn(await page(`/x/local/flows/${flowId}`))).toContain(`/x/local/people/${people['second'] ?? ''}`);
  });

  it('the work: what is due in which minute, with its schedule', async () => {
    const due = local.system.world.schedule.pending();
    expect(due.length).toBeGreaterThan(0);
    const text = await page('/x/local/work');
    for (const { name } of due) expect(text).toContain(name);
    expect(text).not.toContain('has run');
  });
});

describe('what the forms do', () => {
  it('the clock: by a button or by any time span, and back to where it was', async () => {
    const before = now();
    const back = `/x/local/people?q=${encodeURIComponent('a b')}`;
    const answer = await send('clock', { advance: '1h', back });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, back]);
    await send('clock', { advance: '1d' }, { origin: local.url });
    expect(now()).toBe(before + hour + day);
    expect(await page('/x/local')).toContain(new Date(now()).toISOString());
  });

  it.each(['//evil.example/', 'https://evil.example/', '/x/localhost', '/\\evil.example', ''])(
    'the clock: never to %s',
    async (back) => {
      expect((await send('clock', { advance: '0s', back })).headers.get('location')).toBe('/x/local');
    },
  );

  it('the clock: refuses what is no time span, and forms of other origins', async () => {
    const before = now();
    for (const advance of ['', 'soon', '-1h', '11y']) expect((await send('clock', { advance })).status).toBe(400);
    expect((await send('clock', { advance: '1h' }, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await send('clock', { advance: '1h' }, { origin: 'null' })).status).toBe(403);
    expect(now()).toBe(before);
  });

  it('dead letters go back into their queue', async () => {
    const { world } = local.system;
    const poison = { type: 'deliver', account: '<b>' } as Message<'messages'>;
    await world.ports.queue.send('messages', [{ body: poison }]);
    await world.advance(queues.messages.maxReceives * visibilitySeconds('messages') * second);
    expect(world.deadLetters('messages')).toHaveLength(1);
    const text = await page('/x/local/work');
    expect(text).toContain('Put it back into messages');
    expect(balanced(text)).toBeUndefined();
    const answer = await send('redrive', { queue: 'messages', back: '/x/local/work' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/x/local/work']);
    expect(world.deadLetters('messages')).toHaveLength(0);
    expect(world.queue.counts('messages')).toEqual({ waiting: 1, delayed: 0, inFlight: 0 });
    expect(await page('/x/local/work')).not.toContain('Put it back');
    expect((await send('redrive', { queue: 'none' })).status).toBe(400);
  });

  it('each account has its own pages', async () => {
    await fetch(`${local.url}/x/local/command`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(['accounts', 'create', '--name', hostile, '--sender', 'a@example.org']),
    });
    const [, other = ''] = /<option value="(?!Bean01)([^"]+)"/.exec(await page('/x/local')) ?? [];
    const text = await page(`/x/local?account=${other}`);
    expect(text).toContain('none yet');
    for (const link of linksIn(text).filter((one) => one.startsWith('/'))) expect(link).toContain(`account=${other}`);
    expect(await page(`/x/local/people?account=${other}`)).toContain('Nobody yet.');
    expect((await open(`/x/local/people/${people['buyer'] ?? ''}?account=${other}`)).status).toBe(404);
    await crawl();
  });
});
