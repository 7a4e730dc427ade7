// Experiments that end by themselves: what is counted, when they end, and who gets what then.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AbTest } from '../../../shared/domain/flows/definition.ts';
import { noteOrder } from '../../../shared/domain/flows/index.ts';
import { findFlow } from '../../../shared/domain/flows/flow.ts';
import { winnerOf } from '../../../shared/domain/flows/winner.ts';
import { noteClick, noteOpen, queueMessage, trialCountOf } from '../../../shared/domain/messaging/index.ts';
import { recordEvent } from '../../../shared/domain/events/index.ts';
import { createCustomMetric } from '../../../shared/domain/reporting/custom-metric.ts';
import { customMetricDefinition } from '../../../shared/domain/reporting/custom-metric-definition.ts';
import { mapMetric } from '../../../shared/domain/reporting/mapped-metric.ts';
import { countingTrial } from '../../../shared/domain/messaging/trial-counts.ts';
import { day, hour, iso, minute } from '../../../shared/kernel/time.ts';
import type { MessageItem } from '../../../shared/storage/items.ts';
import { account as shopAccount, address, setting } from '../messaging/setting.ts';
import { act, definition, delay, email, flow } from './building.ts';
import { type Shop, account, openShop } from './world.ts';

interface Rule {
  metric?: string;
  until?: string | null;
  sure?: boolean;
  enabled?: boolean;
}

const trial = ({ metric = 'unique-opens', until = null, sure = false, enabled = true }: Rule = {}) =>
  act('ab-test', 'test', null, {
    status: 'live',
    experiment_status: 'live',
    main_action: email('main', null),
    current_experiment: {
      id: 'EXP',
      name: null,
      variations: [email('other', null)],
      allocations: { main: 50, other: 50 },
      started: null,
      winner_metric: metric,
      automatic_winner_selection_settings: {
        ...{ enabled, automatic_end_date: until, automatic_end_statistical_certainty: sure },
      },
    },
  }) as AbTest;

const count = (sent: number, opened: number, clicked = 0, ordered = 0) => ({ sent, opened, clicked, ordered });
const at = Date.parse('2026-03-01T00:00:00Z');
const until = iso(at);

describe('an experiment', () => {
  it('ends at its date with the better share, of equals with the main action, and not before', () => {
    expect(winnerOf(trial({ until }), [count(10, 1), count(10, 5)], at - 1)).toBeUndefined();
    expect(winnerOf(trial({ until }), [count(10, 1), count(10, 5)], at)).toBe('other');
    expect(winnerOf(trial({ until }), [count(100, 20), count(10, 2)], at)).toBe('main');
    expect(winnerOf(trial({ until }), [count(0, 0), count(0, 0)], at)).toBe('main');
    expect(winnerOf(trial({ until, metric: 'unique-clicks' }), [count(9, 9, 1), count(9, 0, 3)], at)).toBe('other');
    const byOrders = trial({ until, metric: 'unique-placed-orders' });
    expect(winnerOf(byOrders, [count(9, 9, 9, 1), count(9, 0, 0, 2)], at)).toBe('other');
  });

  it('ends when the difference is certain: of a hundred each, and 19 times of 20', () => {
    const sure = trial({ sure: true });
    expect(winnerOf(sure, [count(99, 0), count(99, 99)], at)).toBeUndefined();
    expect(winnerOf(sure, [count(200, 20), count(200, 26)], at)).toBeUndefined();
    expect(winnerOf(sure, [count(200, 20), count(200, 36)], at)).toBe('other');
    expect(winnerOf(sure, [count(200, 0), count(200, 0)], at)).toBeUndefined();
  });

  it('does not end where nobody asked for it, nor by what is not counted', () => {
    const clear = [count(1000, 0), count(1000, 1000)];
    expect(winnerOf(trial({ enabled: false, until, sure: true }), clear, at)).toBeUndefined();
    expect(winnerOf(trial({ metric: 'submission', until, sure: true }), clear, at)).toBeUndefined();
  });

  it('never declares a winner that did worse', () => {
    const some = fc.record({ sent: fc.nat(5000), good: fc.float({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(some, some, fc.boolean(), (a, b, sure) => {
        const [main, other] = [a, b].map(({ sent, good }) => count(sent, Math.floor(sent * good)));
        const winner = winnerOf(trial({ sure, until }), [main!, other!], at);
        const share = ({ sent, opened }: typeof main & object) => (sent === 0 ? 0 : opened / sent);
        expect(winner === 'other').toBe(share(other!) > share(main!));
      }),
    );
  });
});

describe('a flow with an experiment', () => {
  const orders = (shop: Shop, from: number, to: number) =>
    Promise.all(Array.from({ length: to - from }, (_, n) => shop.order(`p${from + n}@shop.example`)));
  const sent = (shop: Shop) => shop.emails().map(({ action }) => action);
  const judge = async (shop: Shop, good: string) => {
    for (const message of shop.messages()) {
      await shop.store.write(countingTrial(message, 'sent', shop.clock.now())[0]!);
      if (message.action === good) await shop.store.write(countingTrial(message, 'opened', shop.clock.now())[0]!);
    }
  };

  it('sends to each what they drew until it ends, and then the winner to all', async () => {
    const shop = await openShop();
    const end = shop.clock.now() + day;
    const { id } = await shop.flow(definition([delay('wait', 'test'), trial({ until: iso(end) })]));
    await orders(shop, 0, 20);
    await shop.pass(2 * hour);
    expect(new Set(sent(shop))).toEqual(new Set(['main', 'other']));
    await judge(shop, 'other');
    await shop.pass(day);
    const before = sent(shop).length;
    await orders(shop, 20, 40);
    await shop.pass(2 * hour);
    expect(sent(shop).slice(before)).toEqual(Array.from({ length: 20 }, () => 'other'));
    const [, action] = (await findFlow(shop.ports, account, id))!.definition.actions;
    expect(action).toMatchObject({
      data: {
        ...{ experiment_status: 'completed', main_action: { id: 'other' } },
        current_experiment: { variations: [{ id: 'main' }] },
      },
    });
  });

  it('ends once, by whoever finds that the difference is certain', async () => {
    const shop = await openShop(() => ({ times: 2, reversed: true }));
    const { id } = await shop.flow(definition([trial({ sure: true })]));
    await orders(shop, 0, 20);
    await shop.settle();
    for (let n = 0; n < 300; n += 1) {
      for (const action of ['main', 'other']) {
        const message = { ...shop.messages()[0]!, action, id: `${n}` };
        await shop.store.write(countingTrial(message, 'sent', shop.clock.now())[0]!);
        if (action === 'other') await shop.store.write(countingTrial(message, 'opened', shop.clock.now())[0]!);
      }
    }
    await orders(shop, 20, 220);
    await shop.settle();
    const flow = (await findFlow(shop.ports, account, id))!;
    expect(flow.definition.actions[0]).toMatchObject({ data: { experiment_status: 'completed' } });
    const before = sent(shop).length;
    await orders(shop, 220, 240);
    await shop.settle();
    expect(new Set(sent(shop).slice(before))).toEqual(new Set(['other']));
  });
});

describe('orders', () => {
  async function tried() {
    const world = await setting();
    const { ports, profile, send, clock } = world;
    const enrolment = { id: 'e', profile, flow: 'F', visit: 0 };
    const write = queueMessage(ports, shopAccount, { enrolment, action: 'a1', trial: 'EXP' });
    await ports.store.write(write);
    const { id: message } = write.put as MessageItem;
    await send(message);
    const flows = [flow([trial({ metric: 'unique-placed-orders' })])];
    let n = 0;
    const order = async (name = 'Placed Order', service = 'shopify', properties = {}) => {
      const metric = { name, service };
      const identifiers = { email: address };
      const event = await recordEvent(ports, shopAccount, {
        metric,
        profile: { identifiers, attributes: {} },
        properties,
        unique_id: `${(n += 1)}`,
      });
      const told = { type: 'event' as const, account: shopAccount, profile, metric: event.metric, event: event.sk };
      await noteOrder(ports, shopAccount, flows, told);
      await noteOrder(ports, shopAccount, flows, told);
      return event;
    };
    const click = () =>
      noteClick(
        ports,
        { account: shopAccount, profile, message, url: 'https://a.example' },
        { by: 'person', at: clock.now() },
      );
    const counts = async () => (await trialCountOf(ports, shopAccount, { trial: 'EXP', send: 'a1' })).ordered;
    return { ...world, order, click, counts };
  }

  it('count for the message that they are put down to, each person once', async () => {
    const { order, click, counts, clock } = await tried();
    await order();
    expect(await counts()).toBe(0);
    await click();
    clock.advance(hour);
    await order('Viewed Product');
    expect(await counts()).toBe(0);
    await order();
    await order();
    expect(await counts()).toBe(1);
  });

  it('do not when the message was followed too long ago', async () => {
    const { order, click, counts, clock } = await tried();
    await click();
    clock.advance(6 * day);
    await order();
    expect(await counts()).toBe(0);
  });

  it('are events of the metric that the account maps as revenue', async () => {
    const { order, click, counts, ports, clock, owner } = await tried();
    const { metric } = await order('Bought', 'api');
    await mapMetric({ ports, account: shopAccount, owner }, 'revenue', { metric });
    await click();
    clock.advance(hour);
    await order();
    expect(await counts()).toBe(0);
    await order('Bought', 'api');
    expect(await counts()).toBe(1);
  });

  it.each([
    ['the text of a property', { type: 'string', operator: 'equals', value: 'web' }, { from: 'web' }, { from: 'till' }],
    ['its pattern', { type: 'string', operator: 'regex', value: '^w' }, { from: 'web' }, { from: 'till' }],
    ['its number', { type: 'numeric', operator: 'greater-than', value: 5 }, { from: 6 }, { from: 5 }],
    ['what its list holds', { type: 'list', operator: 'contains', value: 'a' }, { from: ['a'] }, { from: ['b'] }],
    [
      'how something in it begins',
      { type: 'list', operator: 'contains-starts-with', value: 'a' },
      { from: ['b', 'ab'] },
      { from: ['ba'] },
    ],
    [
      'how nothing in it ends',
      { type: 'list', operator: 'not-contains-ends-with', value: 1 },
      { from: [12] },
      { from: [21] },
    ],
  ])('are what the custom metric adds up that is mapped as revenue, by %s', async (_, filter, good, bad) => {
    const { order, click, counts, ports, clock, owner } = await tried();
    const [bought, other] = [await order('Bought', 'api'), await order('Returned', 'api')];
    const metric_filters = [{ property: 'from', filter }];
    const definition = customMetricDefinition.parse({
      aggregation_method: 'value',
      metric_groups: [
        { metric_id: bought.metric, metric_filters },
        {
          metric_id: other.metric,
          metric_filters: [{ property: 'x', filter: { type: 'existence', operator: 'is-set' } }],
        },
      ],
    });
    const { id: custom } = await createCustomMetric(ports, shopAccount, { name: 'Sales', definition });
    await mapMetric({ ports, account: shopAccount, owner }, 'revenue', { custom });
    await click();
    clock.advance(hour);
    await order();
    await order('Bought', 'api', bad);
    await order('Bought', 'api');
    await order('Returned', 'api', good);
    expect(await counts()).toBe(0);
    await order('Bought', 'api', good);
    expect(await counts()).toBe(1);
  });
});

it('each person counts once: as sent to, as one who opened, as one who followed a link; software does not', async () => {
  const { ports, profile, send, clock } = await setting();
  const enrolment = { id: 'e', profile, flow: 'F', visit: 0 };
  const write = queueMessage(ports, shopAccount, { enrolment, action: 'a1', trial: 'EXP' });
  await ports.store.write(write);
  const { id: message } = write.put as MessageItem;
  await send(message);
  const link = { account: shopAccount, profile, message };
  const counts = () => trialCountOf(ports, shopAccount, { trial: 'EXP', send: 'a1' });
  expect(await counts()).toEqual(count(1, 0));
  const software = { by: 'machine', at: clock.now() } as const;
  await noteOpen(ports, link, software);
  await noteClick(ports, { ...link, url: 'https://a.example' }, software);
  expect(await counts()).toEqual(count(1, 0));
  for (let n = 0; n < 3; n += 1) {
    const person = { by: 'person', at: clock.now() } as const;
    await noteOpen(ports, link, person);
    await noteClick(ports, { ...link, url: `https://a.example/${n}` }, person);
    clock.advance(minute);
  }
  expect(await counts()).toEqual(count(1, 1, 1));
});
