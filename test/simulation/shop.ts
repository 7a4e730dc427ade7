// The scenarios of a shop: a restock is told of once, a fallen price once, and a campaign reaches one person of two who are
// merged once, whatever happens to any call.
import { minute, second } from '../../shared/kernel/time.ts';
import type { EnrolmentItem, MessageItem, RestockItem } from '../../shared/storage/items.ts';
import { draftCampaign } from './draft-campaign.ts';
import { itemsOf } from './invariants.ts';
import * as ask from './requests.ts';
import { type Scenario, type Stage, rest, scenario, statuses, subscribe } from './scenarios.ts';

const variant = '$custom:::$default:::kettle-red';
const words = { title: 'Kettle', description: 'Boils', url: 'https://shop.example/kettle' };
const people = ['ana@example.org', 'ben@example.org', 'cleo@example.org'];

async function kettle({ make }: Stage, sold: { price: number; inventory_quantity: number }): Promise<void> {
  const id = await make('POST', '/api/catalog-items', {
    data: { type: 'catalog-item', attributes: { external_id: 'kettle', ...words } },
  });
  await make('POST', '/api/catalog-variants', {
    data: {
      type: 'catalog-variant',
      attributes: { external_id: 'kettle-red', ...words, sku: 'K1', ...sold },
      relationships: { item: { data: { type: 'catalog-item', id } } },
    },
  });
}

const becomes = ({ make }: Stage, attributes: object) =>
  make('PATCH', `/api/catalog-variants/${variant}`, { data: { type: 'catalog-variant', id: variant, attributes } });

async function flowOf(stage: Stage, trigger: object, before: readonly object[]): Promise<void> {
  const template = await stage.make('POST', '/api/templates', ask.template('<p>Look. {% unsubscribe %}</p>'));
  const message = {
    from_email: 'hello@example.org',
    from_label: 'Shop',
    subject_line: 'Look',
    template_id: template,
    smart_sending_enabled: false,
  };
  const mail = { temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { status: 'live', message } };
  const [first] = before as readonly { temporary_id: string }[];
  const id = await stage.make('POST', '/api/flows', {
    data: {
      type: 'flow',
      attributes: {
        name: 'Look',
        definition: {
          triggers: [trigger],
          entry_action_id: first?.temporary_id ?? 'mail',
          actions: [...before, mail],
        },
      },
    },
  });
  await stage.make('PATCH', `/api/flows/${id}`, ask.flowStatus(id, 'live'));
  await rest(stage);
}

/** People who may be mailed and did something with the kettle. */
async function visitors(stage: Stage, metric: string): Promise<void> {
  const list = await stage.make('POST', '/api/lists', ask.list('News'));
  stage.oracle.lists.add(list);
  await subscribe(stage, people, list);
  for (const email of people) {
    const properties = { ProductID: 'kettle', Price: 50 };
    const at = stage.world.clock.now();
    const told = { metric, unique_id: email, value: 1, properties, time: new Date(at).toISOString() };
    await stage.make('POST', '/api/events', ask.event({ email }, told));
    stage.oracle.happened(stage.oracle.told({ email }), {
      metric,
      unique_id: email,
      at,
      value: 1,
      properties,
      accepted: at,
    });
  }
  await rest(stage);
}

const ofKind = <T extends { kind: string }>({ world }: Stage, kind: T['kind']) =>
  itemsOf(world).filter((item) => item.kind === kind) as unknown as T[];

const counted = (what: string, is: number, should: number) => (is === should ? [] : [`${what}: ${is}, not ${should}`]);

/** Of each person one message, all of which ended. */
function eachOnce(stage: Stage, count: number): string[] {
  const owners = ofKind<MessageItem>(stage, 'message').map(({ profile }) => profile);
  return [...counted('messages', owners.length, count), ...counted('people told', new Set(owners).size, count)];
}

export const shop: Record<string, Scenario> = {
  'a restock that three people wait for, two of them in the first batch': scenario({
    prepare: async (stage) => {
      await kettle(stage, { price: 50, inventory_quantity: 0 });
      const asked = (email: string) =>
        stage.make('POST', '/api/back-in-stock-subscriptions', {
          data: {
            type: 'back-in-stock-subscription',
            attributes: { channels: ['EMAIL'], profile: { data: { type: 'profile', attributes: { email } } } },
            relationships: { variant: { data: { type: 'catalog-variant', id: variant } } },
          },
        });
      await visitors(stage, 'Looked');
      // Whoever asks first defines the metric.
      await asked('dora@example.org');
      stage.oracle.told({ email: 'dora@example.org' });
      await rest(stage);
      const metrics = await stage.walk('/api/metrics');
      const known = metrics.find(({ attributes }) => attributes['name'] === 'Subscribed to Back in Stock');
      if (!known) throw new Error('Nobody can ask for a restock.');
      const delay = { temporary_id: 'stock', type: 'back-in-stock-delay', links: { next: 'mail' } };
      await flowOf(stage, { type: 'metric', id: known.id }, [delay]);
      for (const email of people) {
        await asked(email);
        await stage.world.advance(second);
      }
      await rest(stage);
    },
    act: async (stage) => {
      await becomes(stage, { inventory_quantity: 1 });
    },
    follow: 10 * second,
    expect: async (stage) => {
      await stage.world.advance(60 * minute);
      const waiting = ofKind<EnrolmentItem>(stage, 'enrolment').filter(({ status }) => status === 'active');
      const restocks = ofKind<RestockItem>(stage, 'restock');
      return [
        ...eachOnce(stage, 3),
        ...counted('waiting', waiting.length, 0),
        ...counted('restocks', restocks.length, 1),
      ];
    },
  }),

  'a price that falls, and again': scenario({
    prepare: async (stage) => {
      await kettle(stage, { price: 50, inventory_quantity: 5 });
      await visitors(stage, 'Viewed Product');
      const trigger = {
        type: 'price-drop',
        price_drop_amount_value: 10,
        price_drop_amount_unit: 'percent',
        audience: ['viewed'],
        timeframe_days: 30,
        trigger_filter: null,
      };
      await flowOf(stage, trigger, []);
    },
    act: async (stage) => {
      await becomes(stage, { price: 40 });
      await stage.world.advance(minute);
      await becomes(stage, { price: 30 });
    },
    follow: 10 * second,
    expect: (stage) => {
      const messages = ofKind<MessageItem>(stage, 'message');
      const owners = new Set(messages.map(({ profile }) => profile));
      return [...counted('messages', messages.length, 6), ...counted('people told', owners.size, 3)];
    },
  }),

  'a campaign to two who become one': scenario({
    prepare: async (stage) => {
      const list = await stage.make('POST', '/api/lists', ask.list('News'));
      stage.oracle.lists.add(list);
      await subscribe(stage, people.slice(0, 2), list);
      await rest(stage);
      const id = await draftCampaign(stage, list, { send_options: { use_smart_sending: false } });
      await stage.make('POST', '/api/campaign-send-jobs', { data: { type: 'campaign-send-job', id } });
      await stage.world.advance(2 * second);
      const found = await stage.walk('/api/profiles');
      const of = (email: string) => found.find(({ attributes }) => attributes['email'] === email)?.id ?? '';
      return { into: of('ana@example.org'), from: of('ben@example.org') };
    },
    act: async (stage, { into, from }) => {
      const { status } = await stage.call('POST', '/api/profile-merge', ask.merge(into, from));
      if (status >= 300 && status !== 404) throw new Error(`A merge was answered with ${status}.`);
      const [ana, ben] = people.slice(0, 2).map((email) => stage.oracle.told({ email }));
      if (ana && ben) {
        stage.oracle.people.splice(stage.oracle.people.indexOf(ben), 1);
        ana.identifiers = { ...ben.identifiers, ...ana.identifiers };
      }
    },
    follow: 80 * second,
    expect: (stage) => {
      // Handed over at most twice: by then they may have been two. Of rows one at least has the outcome.
      const rows = itemsOf(stage.world).filter((item) => item.kind === 'recipient');
      const open = rows.filter((row) => row.status === 'waiting' || row.status === 'queued');
      const sent = statuses(stage).filter((status) => status === 'SENT' || status === 'UNKNOWN').length;
      const isPlausible = sent >= 1 && sent <= 2;
      return [
        ...counted('rows', rows.length, 2),
        ...counted('open', open.length, 0),
        ...(isPlausible ? [] : [`${sent} were sent`]),
      ];
    },
  }),
};
