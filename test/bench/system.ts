// A system to measure: a meter on the store, short calls, and what makes it large.
import { functions } from '../../functions/local/functions.ts';
import { seed, seeded } from '../../functions/local/seed.ts';
import { type Functions, type World, createWorld } from '../../functions/local/world.ts';
import { createClock } from '../../shared/adapters/memory/index.ts';
import type { Definition } from '../../shared/domain/segments/index.ts';
import { createSegment } from '../../shared/domain/segments/store.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { day } from '../../shared/kernel/time.ts';
import type { Consumed } from '../../shared/storage/store.ts';
import { callWorld } from '../support/call-world.ts';

/** Units by AWS's arithmetic. */
export interface Units {
  read: number;
  write: number;
}

export interface Measured {
  world: World;
  /** Calls the API with the seeded key; throws on anything but a 2xx. Answers the document. */
  call: (method: string, path: string, body?: unknown) => Promise<Document>;
  /** Runs `work` and answers what it consumed. */
  units: (work: () => Promise<unknown>) => Promise<Units>;
  /** Records an event without waiting for what follows. */
  event: (profile: number, order: number, extra?: { metric?: string; daysAgo?: number }) => Promise<void>;
}

export interface Document {
  data: { id: string; attributes: Record<string, unknown> };
}

/** Makes the properties of an event 1,000 bytes long, as JSON. */
const filler = 'x'.repeat(960);

export const emailOf = (profile: number) => `customer-${profile}@example.org`;

/** A fresh system on real time. It works when it is settled; in the background, as with `npm start`, once it runs. */
export async function measuredSystem(watched: Functions = functions): Promise<Measured> {
  let sum: Units = { read: 0, write: 0 };
  const meter = ({ read, write }: Consumed) => {
    sum = { read: sum.read + read, write: sum.write + write };
  };
  const world = createWorld({
    functions: watched,
    clock: createClock(),
    seed: 1,
    parallel: 4,
    meter,
  });
  await seed(world.ports);

  const call: Measured['call'] = async (...asked) => (await callWorld(world, ...asked)) as Document;

  return {
    world,
    call,
    async units(work) {
      const before = sum;
      await work();
      return { read: sum.read - before.read, write: sum.write - before.write };
    },
    async event(profile, order, { metric = 'Placed Order', daysAgo } = {}) {
      const time = daysAgo === undefined ? undefined : new Date(world.clock.now() - daysAgo * day).toISOString();
      await call('POST', '/api/events', {
        data: {
          type: 'event',
          attributes: {
            properties: { OrderId: String(order), Note: filler },
            value: 12.5,
            unique_id: `order-${order}`,
            ...(time !== undefined && { time }),
            metric: { data: { type: 'metric', attributes: { name: metric } } },
            profile: { data: { type: 'profile', attributes: { email: emailOf(profile) } } },
          },
        },
      });
    },
  };
}

/** The id of the metric with this name. */
export async function metricId({ call }: Measured, name = 'Placed Order'): Promise<string> {
  const { data } = (await call('GET', '/api/metrics')) as unknown as { data: Document['data'][] };
  const metric = data.find(({ attributes }) => attributes['name'] === name);
  if (!metric) throw new Error(`There is no metric ${name}.`);
  return metric.id;
}

/** A segment of who did `metric` at least `count` times, in all or in the last `days`. */
export async function makeSegment(
  { world }: Measured,
  metric: string,
  { count, days }: { count: number; days?: number },
): Promise<string> {
  const timeframe_filter =
    days === undefined
      ? { type: 'date', operator: 'alltime' }
      : { type: 'date', operator: 'in-the-last', unit: 'day', quantity: days };
  const condition = {
    type: 'profile-metric',
    metric_id: metric,
    measurement: 'count',
    measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: count },
    timeframe_filter,
  };
  const definition = { condition_groups: [{ conditions: [condition] }] };
  // More than the API makes at a time.
  const made = await createSegment(world.ports, accountId(seeded.account), {
    name: `At least ${count}`,
    definition: definition as Definition,
    starred: false,
  });
  return made.id;
}

const worth = (metric_id: string, value: number) => ({
  condition_groups: [
    {
      conditions: [
        {
          type: 'metric-property',
          metric_id,
          field: 'value',
          filter: { type: 'numeric', operator: 'greater-than', value },
        },
      ],
    },
  ],
});

const waitFor = (days: number) => ({
  temporary_id: 'wait',
  type: 'time-delay',
  links: { next: 'mail' },
  data: { unit: 'days', value: days, delay_until_weekdays: null, timezone: 'profile' },
});

/** A live flow that sends one email: at once, or after `waitDays`; to everybody, or to whoever's event is worth `over`. */
export async function makeFlow(
  system: Measured,
  metric: string,
  some?: { over?: number; waitDays: number },
): Promise<string> {
  const template = await system.call('POST', '/api/templates', {
    data: {
      type: 'template',
      attributes: { name: 'Thanks', editor_type: 'CODE', html: '<p>Order {{ event.OrderId }}</p>' },
    },
  });
  const made = await system.call('POST', '/api/flows', {
    data: {
      type: 'flow',
      attributes: {
        name: 'Thanks',
        definition: {
          triggers: [
            {
              type: 'metric',
              id: metric,
              ...(some?.over !== undefined && { trigger_filter: worth(metric, some.over) }),
            },
          ],
          entry_action_id: some ? 'wait' : 'mail',
          actions: [
            ...(some ? [waitFor(some.waitDays)] : []),
            {
              temporary_id: 'mail',
              type: 'send-email',
              links: { next: null },
              data: {
                status: 'live',
                message: {
                  from_email: 'hello@example.org',
                  from_label: 'Shop',
                  subject_line: 'Thank you',
                  template_id: template.data.id,
                  smart_sending_enabled: false,
                },
              },
            },
          ],
        },
      },
    },
  });
  const { id } = made.data;
  await system.call('PATCH', `/api/flows/${id}`, { data: { type: 'flow', id, attributes: { status: 'live' } } });
  return id;
}
