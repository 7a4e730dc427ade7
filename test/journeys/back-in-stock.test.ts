// From the visitor who asks for a kettle that is sold out to the message that it is there again, through the front doors.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Stage, openStage } from '../api/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ still: true });
});
afterEach(() => stage.close());

const call = async (method: string, path: string, data: object, key?: null) => {
  const answer = await stage.send(method, path, { body: { data }, ...(key === null && { key }) });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.one;
};

const words = { title: 'Kettle', description: 'Boils', url: 'https://shop.example/kettle' };
const variant = '$custom:::$default:::kettle-red';

async function kettle(inventory_quantity: number): Promise<void> {
  const item = await call('POST', '/api/catalog-items', {
    type: 'catalog-item',
    attributes: { external_id: 'kettle', ...words },
  });
  await call('POST', '/api/catalog-variants', {
    type: 'catalog-variant',
    attributes: { external_id: 'kettle-red', ...words, sku: 'K1', price: 40, inventory_quantity },
    relationships: { item: { data: { type: 'catalog-item', id: item.id } } },
  });
}

const stocked = (inventory_quantity: number) =>
  call('PATCH', `/api/catalog-variants/${variant}`, {
    type: 'catalog-variant',
    id: variant,
    attributes: { inventory_quantity },
  });

const asks = (email: string) =>
  call(
    'POST',
    '/client/back-in-stock-subscriptions?company_id=Bean01',
    {
      type: 'back-in-stock-subscription',
      attributes: { channels: ['EMAIL'], profile: { data: { type: 'profile', attributes: { email } } } },
      relationships: { variant: { data: { type: 'catalog-variant', id: variant } } },
    },
    null,
  );

async function liveFlow(): Promise<string> {
  const metrics = await stage.send('GET', '/api/metrics');
  const metric = metrics.many.find(({ attributes }) => attributes['name'] === 'Subscribed to Back in Stock');
  const template = await call('POST', '/api/templates', {
    type: 'template',
    attributes: { name: 'T', editor_type: 'CODE', html: '<p>{{ event.VariantName }} {% unsubscribe %}</p>' },
  });
  const message = { subject_line: 'It is back', template_id: template.id, smart_sending_enabled: false };
  const mail = { temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { status: 'live', message } };
  const delay = { temporary_id: 'stock', type: 'back-in-stock-delay', links: { next: 'mail' } };
  const definition = {
    triggers: [{ type: 'metric', id: metric?.id }],
    entry_action_id: 'stock',
    actions: [delay, mail],
  };
  const flow = await call('POST', '/api/flows', { type: 'flow', attributes: { name: 'Back', definition } });
  await call('PATCH', `/api/flows/${flow.id}`, { type: 'flow', id: flow.id, attributes: { status: 'live' } });
  return flow.id;
}

const mailed = async () => (await stage.emails()).map(({ to }) => to).sort();

it('who asked is told when it is there again, in the order of asking; who was deleted is not', async () => {
  await kettle(0);
  await asks('first@shop.example');
  await stage.advance('1m');
  const flow = await liveFlow();
  for (const name of ['ana', 'ben', 'gone', 'cleo', 'dora', 'eve', 'finn']) {
    await asks(`${name}@shop.example`);
    await stage.advance('2s');
  }
  await stage.advance('1m');
  const standing = (await stage.send('GET', `/x/flows/${flow}/enrolments`)).many;
  expect(standing.map(({ attributes }) => attributes['waits_for'])).toEqual(standing.map(() => variant));
  await call('POST', '/api/data-privacy-deletion-jobs', {
    type: 'data-privacy-deletion-job',
    attributes: { profile: { data: { type: 'profile', attributes: { email: 'gone@shop.example' } } } },
  });
  await stage.advance('1m');
  await stocked(1);
  await stage.advance('1m');
  // Five people for a unit; whoever asked before there was a flow is in none.
  expect(await mailed()).toEqual(['ana', 'ben', 'cleo', 'dora', 'eve'].map((name) => `${name}@shop.example`));
  await stage.advance('58m');
  expect(await mailed()).toHaveLength(5);
  await stage.advance('2m');
  expect(await mailed()).toContain('finn@shop.example');
  expect((await stage.items()).filter((item) => 'waits' in item)).toEqual([]);
});
