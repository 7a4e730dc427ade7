// A journey to servers outside: a feed of the catalog is pulled, a web feed shown in an email, a webhook called. Neither the
// demo's story nor the others leave AWS.
import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Hosts } from '../../functions/rehearse/outside.ts';
import { becomesTrue as becomesTrueWithin, moveClock } from '../../functions/local/story.ts';
import { certificate } from '../support/certificate.ts';
import { callsOf, eventOf, one, type Place } from './calls.ts';

const host = 'public.example';

/** A feed passes through many hands. */
const becomesTrue = (what: string, holds: () => Promise<boolean>) => becomesTrueWithin(what, holds, 40);

/** The shop's own server: what it says, and what it was told. */
export interface Outside {
  hosts: Hosts;
  says: { catalog: readonly object[]; news: string };
  told: readonly { url: string | undefined; body: string }[];
  close: () => Promise<void>;
}

export async function openOutside(): Promise<Outside> {
  const says: Outside['says'] = { catalog: [], news: '' };
  const told: { url: string | undefined; body: string }[] = [];
  const server = createServer(certificate, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push({ url: request.url, body: Buffer.concat(chunks).toString('utf8') });
      const answer =
        request.url === '/news.xml' ? `<news><title>${says.news}</title></news>` : JSON.stringify(says.catalog);
      response.end(answer);
    });
  });
  const port = await listening(server);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { hosts: { [host]: { port, ca: certificate.cert } }, says, told, close };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

const product = (id: string, title: string) => ({
  ...{ id, title, description: title, link: `https://${host}/${id}` },
  ...{ price: 12, inventory_quantity: 3 },
});

/** Makes the journey and checks every turn of it; throws at the first thing that is not so. */
export async function goOutside(place: Place, outside: Outside): Promise<void> {
  const { call, get } = callsOf(place);
  const turn = (time: string) => moveClock({ ...place, tell: () => undefined }, time);
  const titles = async () => (await get('/api/catalog-items')).map(({ attributes }) => attributes.title).sort();
  const are =
    (...expected: string[]) =>
    async () =>
      (await titles()).join() === expected.join();

  outside.says.catalog = [product('1', 'Hat'), product('2', 'Shoe')];
  await call('POST', '/x/catalog-feeds', feedOf);
  await becomesTrue('the items of the feed are there', are('Hat', 'Shoe'));
  outside.says.catalog = [product('1', 'Cap'), product('2', 'Shoe')];
  await turn('6h');
  await becomesTrue('what changed in the feed has changed', are('Cap', 'Shoe'));

  outside.says.news = 'Sale of hats';
  await call('POST', '/api/web-feeds', webFeedOf);
  const event = eventOf({ email: 'out@side.example' }, { OrderId: '9' }, 'outside');
  const about = { ...event.data.attributes, metric: metricOf };
  await call('POST', '/api/events', { data: { ...event.data, attributes: about } });
  const metric = (await get('/api/metrics')).find(({ attributes }) => attributes.name === 'Looked out')?.id ?? '';
  const template = one(await call('POST', '/api/templates', templateOf)).id;
  const flow = one(await call('POST', '/api/flows', flowOf(metric, template))).id;
  await call('PATCH', `/api/flows/${flow}`, { data: { type: 'flow', id: flow, attributes: { status: 'live' } } });
  const again = { ...about, unique_id: 'outside again' };
  await call('POST', '/api/events', { data: { ...event.data, attributes: again } });
  await becomesTrue('the webhook was called with what the event says', () =>
    Promise.resolve(outside.told.some(({ url, body }) => url === '/hook' && body.includes('order 9'))),
  );
  const inbox = async () => (await (await fetch(`${place.baseUrl}/x/local/inbox`)).text()).includes('Sale of hats');
  await becomesTrue('the email shows the web feed', inbox);
  await turn('1h');
}

const feedOf = {
  data: {
    type: 'catalog-feed',
    attributes: { name: 'Shop', url: `https://${host}/catalog.json`, format: 'json', interval_hours: 6 },
  },
};

const webFeedOf = {
  data: {
    type: 'web-feed',
    attributes: { name: 'news', url: `https://${host}/news.xml`, request_method: 'get', content_type: 'xml' },
  },
};

const metricOf = { data: { type: 'metric', attributes: { name: 'Looked out' } } };

const templateOf = {
  data: {
    type: 'template',
    attributes: {
      name: 'News',
      editor_type: 'CODE',
      html: '<p>{{ feeds.news.news.title }}</p><p>{% unsubscribe %}</p>',
    },
  },
};

const flowOf = (metric: string, template: string) => ({
  data: {
    type: 'flow',
    attributes: {
      name: 'Outside',
      definition: {
        triggers: [{ type: 'metric', id: metric }],
        entry_action_id: 'hook',
        actions: [
          {
            temporary_id: 'hook',
            type: 'send-webhook',
            links: { next: 'mail' },
            data: {
              message: {
                name: 'Hook',
                url: `https://${host}/hook`,
                headers: {},
                body: '{"what":"order {{ event.OrderId }}"}',
              },
            },
          },
          {
            temporary_id: 'mail',
            type: 'send-email',
            links: { next: null },
            data: {
              message: { subject_line: 'News', template_id: template, name: 'News', smart_sending_enabled: false },
            },
          },
        ],
      },
    },
  },
});
