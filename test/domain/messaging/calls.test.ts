// Calls of the owner's server and alerts to the owner's people, through to the provider (behaviour 5.7).
import { describe, expect, it } from 'vitest';
import { type Content, deliver, queueMessage } from '../../../shared/domain/messaging/index.ts';
import { day, hour, instantOf } from '../../../shared/kernel/time.ts';
import type { MessageItem } from '../../../shared/storage/items.ts';
import { account, setting } from './setting.ts';

const url = 'https://hooks.shop.example/order';

async function stage(channel: 'webhook' | 'alert') {
  const world = await setting('<p>{{ first_name }} of {{ person.email }}</p>');
  const { ports, profile, template } = world;
  const write = queueMessage(ports, account, {
    ...{ enrolment: { id: 'e', profile, flow: 'Flow01', visit: 1 }, action: 'a1', channel },
  });
  await ports.store.write(write);
  const { id } = write.put as MessageItem;
  const contents = {
    webhook: {
      ...{ channel: 'webhook', url, headers: { 'x-own': '1' }, body: '{"name":"{{ first_name }}"}', flow: 'Flow01' },
      ...{ smartSending: false, transactional: true },
    },
    alert: {
      ...{ channel: 'alert', to: ['ops@shop.example', 'no address', 'boss@shop.example'] },
      ...{ subject: 'New: {{ first_name }}', from: { name: 'Shop', address: 'shop@shop.example' } },
      ...{ templateId: template.id, smartSending: false, transactional: true },
    },
  } as const satisfies Record<string, Content>;
  const send = () => deliver(ports, { account, profile, message: id }, async () => contents[channel]);
  return { ...world, id, send, item: () => world.read(id) };
}

const says = (status: number) => () => ({ status, headers: {}, body: Buffer.from('') });

describe('a webhook', () => {
  it('is a POST of JSON with the id of its flow, once', async () => {
    const { send, item, http } = await stage('webhook');
    await send();
    await send();
    expect(http.calls).toMatchObject([
      {
        ...{ method: 'POST', url, body: '{"name":"Ann"}' },
        headers: { 'x-own': '1', 'content-type': 'application/json', 'x-klaviyo-flow-id': 'Flow01' },
      },
    ]);
    expect(await item()).toMatchObject({ status: 'SENT' });
  });

  it.each([429, 500, 502, 503])(
    'is made again when the server answers %i, less and less often, for a day',
    async (status) => {
      const { send, item, http, clock, store } = await stage('webhook');
      http.answer(url, says(status));
      const start = clock.now();
      for (let tries = 0; tries < 40 && (await item()).status === 'QUEUED'; tries += 1) {
        await send();
        const waiting = store
          .dump()
          .flatMap((one) => (one.kind === 'due' ? [instantOf(String((one as { at?: string }).at))] : []));
        const next = waiting.filter((at) => at > clock.now()).sort((a, b) => b - a)[0] ?? clock.now();
        clock.advance(next - clock.now());
      }
      expect(await item()).toMatchObject({ status: 'FAILED', reason: `The server answered ${status}.` });
      const times = http.calls.map(({ at }) => at - start);
      expect(times.at(-1)).toBeGreaterThanOrEqual(day);
      expect(times.length).toBeLessThanOrEqual(18);
      expect(times[1]).toBeLessThan(hour);
    },
  );

  it.each([400, 404, 301])('is over when the server answers %i', async (status) => {
    const { send, item, http } = await stage('webhook');
    http.answer(url, says(status));
    await send();
    expect(await item()).toMatchObject({ status: 'FAILED', reason: `The server answered ${status}.` });
    expect(http.calls).toHaveLength(1);
  });

  it('whose answer is lost is not made again', async () => {
    const { send, item, http } = await stage('webhook');
    http.answer(url, () => undefined);
    await send();
    await send();
    expect((await item()).status).toBe('CLAIMED');
    expect(http.calls).toHaveLength(1);
  });
});

describe('an alert', () => {
  it('goes to each address of the owner that is one, says what its template says, and is no email to the person', async () => {
    const { send, item, mail, store } = await stage('alert');
    await send();
    await send();
    expect(mail.inbox).toMatchObject(
      ['ops@shop.example', 'boss@shop.example'].map((to) => ({
        ...{ to, subject: 'New: Ann', html: '<p>Ann of ann@people.example</p>', tags: {}, headers: {} },
      })),
    );
    expect(await item()).toMatchObject({ status: 'SENT' });
    expect(store.dump().filter(({ kind }) => kind === 'event' || kind === 'last-sent')).toEqual([]);
  });

  it('of which one is refused is over, and nobody is told twice', async () => {
    const { send, item, mail } = await stage('alert');
    mail.fail('boss@shop.example', 'refuse');
    await send();
    await send();
    expect(mail.inbox.map(({ to }) => to)).toEqual(['ops@shop.example']);
    expect((await item()).status).toBe('FAILED');
  });
});
