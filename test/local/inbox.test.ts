import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../functions/local/server.ts';
import { createSystem } from '../../functions/local/system.ts';
import { hour } from '../../shared/kernel/time.ts';
import { callTo } from '../support/local.ts';
import * as shop from '../support/shop.ts';

const hostile = `<img src=x onerror="alert('x')"> & </title><script>alert(1)</script>`;
const mail = { email: shop.emailOf(0), first_name: hostile };
const html = `<p>Order {{ event.OrderId }} <script>alert(2)</script> "quoted"</p>`;

let local: Listening;

beforeAll(async () => {
  local = await listen(0, (publicUrl) => createSystem({ publicUrl, real: false }));
  const { system } = local;
  await callTo(system, 'POST', '/api/events', shop.event(mail, 0));
  await system.world.settle();
  const { data } = (await callTo(system, 'GET', '/api/metrics')) as unknown as { data: { id: string }[] };
  const template = (await callTo(system, 'POST', '/api/templates', shop.template(html))).data.id;
  const flow = (await callTo(system, 'POST', '/api/flows', shop.flow(data[0]?.id ?? '', template))).data.id;
  await callTo(system, 'PATCH', `/api/flows/${flow}`, shop.live(flow));
  await callTo(system, 'POST', '/api/events', shop.event(mail, 1));
  // Without an address there is nobody to write to.
  await callTo(system, 'POST', '/api/events', shop.event({ external_id: '<b>nobody</b>' }, 2));
  await system.world.advance(2 * hour);
});

afterAll(() => local.close());

async function page(path: string): Promise<string> {
  const answer = await fetch(`${local.url}${path}`, { headers: { accept: 'text/html' } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return answer.text();
}

/** The text that an attribute or an element holds, as a browser reads it. */
const read = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');

const tagsIn = (text: string) =>
  [...text.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, name = '']) => name.toLowerCase());

const own = new Set(
  'html head meta title style body main header nav section footer h1 h2 p div span ul li dl dt dd table caption thead tbody tr th td a bdi iframe pre code time small strong em link button form input label'.split(
    ' ',
  ),
);

describe('the inbox', () => {
  it('tells programs what went out and why, and what was held back and why', async () => {
    const answer = await fetch(`${local.url}/x/local/inbox`);
    const { data, held } = (await answer.json()) as {
      data: Record<string, unknown>[];
      held: Record<string, unknown>[];
    };
    expect(data).toMatchObject([{ number: 1, to: mail.email }]);
    expect(String(data[0]?.['why'])).toContain('the gate let it pass');
    expect(String(data[0]?.['html'])).toContain('Order 1');
    expect(held).toHaveLength(1);
    expect(Object.values(held[0] ?? {}).every((value) => typeof value === 'string')).toBe(true);
  });

  it('shows people a page on which a hostile name is text', async () => {
    const text = await page('/x/local/inbox');
    expect(text.toLowerCase().startsWith('<!doctype html>')).toBe(true);
    expect(text).toContain('<html lang="en">');
    expect(text).toMatch(/<title>[^<]+<\/title>/);
    expect(text).toMatch(/href="\/x\/local\/inbox\/[^"/]+\/[^"/]+"/);
    expect(text).not.toContain('<script');
    expect(text).not.toContain('<img');
    expect(read(text)).toContain(hostile);
    expect(tagsIn(text).filter((name) => !own.has(name))).toEqual([]);
  });

  it('shows an email in a frame in which nothing can run and from which nothing can be sent', async () => {
    const text = await page('/x/local/inbox/1');
    const frames = [...text.matchAll(/<iframe\b([^>]*)>/g)].map(([, attributes = '']) => attributes);
    expect(frames).toHaveLength(1);
    const [, allowed = ''] = /\bsandbox="([^"]*)"/.exec(frames[0] ?? '') ?? [];
    expect(allowed.split(' ').filter((right) => !right.startsWith('allow-popups'))).toEqual([]);
    const [, source = ''] = /\bsrc="([^"]*)"/.exec(frames[0] ?? '') ?? [];
    const shown = await fetch(`${local.url}${source}`);
    expect(shown.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups[^;]*; default-src 'none';/);
    expect(shown.headers.get('content-security-policy')).not.toContain('script');
    const [email] = await local.system.inbox.emails();
    expect((await shown.text()).replace('<base target="_blank">', '')).toBe(email?.html);
    expect(email?.html).toContain('<script>alert(2)</script>');
    expect(text).not.toMatch(/<script|<img/);
    expect(read(text)).toContain(hostile);
    expect(tagsIn(text).filter((name) => !own.has(name))).toEqual([]);
  });

  it('has no other email', async () => {
    for (const number of ['0', '2', '99999999999999999999']) {
      expect((await fetch(`${local.url}/x/local/inbox/${number}`)).status).toBe(404);
    }
  });
});
