import { beforeEach, describe, expect, it } from 'vitest';
import { listOperations } from '../../../shared/domain/consent/index.ts';
import { flowOperations, flowTriggers } from '../../../shared/domain/flows/index.ts';
import { templateOperations } from '../../../shared/domain/templates/index.ts';
import { type Setting, setting } from '../setting.ts';
import { metricIdOf } from '../../support/metric-id.ts';

let world: Setting;
let metric: string;
let template: string;

beforeEach(async () => {
  world = await setting([...flowOperations, ...templateOperations, ...listOperations({ flowTriggers })]);
  metric = await metricIdOf(world.ports, world.account, { name: 'Placed Order', service: 'api' });
  const body = { data: { type: 'template', attributes: { name: 'T', editor_type: 'CODE', html: '<p>Hi</p>' } } };
  template = (await world.call('POST', '/api/templates', body)).one.id;
});

const wait = (rest: object = {}) => ({
  temporary_id: 'wait',
  type: 'time-delay',
  links: { next: 'mail' },
  data: { unit: 'hours', value: 1 },
  ...rest,
});
const mail = (message: object = {}, rest: object = {}) => ({
  temporary_id: 'mail',
  type: 'send-email',
  links: { next: null },
  data: { message: { subject_line: 'Hello', template_id: template, ...message } },
  ...rest,
});
const orders = (rest: object = {}) => ({
  triggers: [{ type: 'metric', id: metric }],
  actions: [wait(), mail()],
  entry_action_id: 'wait',
  ...rest,
});
const post = (definition: object, name = 'Orders') =>
  world.call('POST', '/api/flows?additional-fields[flow]=definition', {
    data: { type: 'flow', attributes: { name, definition } },
  });
const patch = (id: string, status: string) =>
  world.call('PATCH', `/api/flows/${id}`, { data: { type: 'flow', id, attributes: { status } } });

interface Shown {
  entry_action_id: string;
  actions: { id: string; links: { next: string | null }; data: { status?: string; message?: { id: string } } }[];
}
const definitionOf = (attributes: Record<string, unknown>) => attributes['definition'] as Shown;

describe('POST /api/flows', () => {
  it('makes a draft, gives its actions ids and leads the links to them', async () => {
    const { status, one } = await post(orders());
    expect(status).toBe(201);
    expect(one.attributes).toMatchObject({
      name: 'Orders',
      status: 'draft',
      archived: false,
      created: '2026-01-01T00:00:00+00:00',
      trigger_type: 'Metric',
    });
    const { entry_action_id, actions } = definitionOf(one.attributes);
    expect(actions.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^[0-9A-Za-z]{6}$/),
      expect.stringMatching(/^[0-9A-Za-z]{6}$/),
    ]);
    expect(entry_action_id).toBe(actions[0]?.id);
    expect(actions[0]?.links.next).toBe(actions[1]?.id);
    expect(JSON.stringify(one.attributes)).not.toContain('temporary_id');
  });

  it('fills in what is left out', async () => {
    const { one } = await post(orders({ actions: [wait({ data: { value: 2 } }), mail()] }));
    const { actions } = definitionOf(one.attributes);
    expect(actions[0]?.data).toMatchObject({ unit: 'days', timezone: 'profile', delay_until_time: null });
    expect(actions[1]?.data).toMatchObject({
      status: 'draft',
      message: { smart_sending_enabled: true, transactional: false, from_email: null },
    });
    expect(one.attributes['definition']).toMatchObject({ reentry_criteria: { unit: 'alltime', duration: 0 } });
  });

  const at = '/data/attributes/definition';
  const named = (filter: object) => ({ condition_groups: [{ conditions: [filter] }] });
  it.each<[string, string, () => object, string]>([
    ['two triggers', 'invalid', () => orders({ triggers: [{ type: 'list' }, { type: 'list' }] }), `${at}/triggers`],
    ['an unknown list', 'invalid', () => orders({ triggers: [{ type: 'list', id: 'L' }] }), `${at}/triggers/0/id`],
    ['an unknown metric', 'invalid', () => orders({ triggers: [{ type: 'metric', id: 'x' }] }), `${at}/triggers/0/id`],
    [
      'a restock to wait for after anything but a subscription',
      'invalid',
      () => orders({ actions: [wait(), { type: 'back-in-stock-delay', temporary_id: 'mail', links: { next: null } }] }),
      `${at}/actions/1/type`,
    ],
    [
      'an unknown template',
      'invalid',
      () => orders({ actions: [wait(), mail({ template_id: 'x' })] }),
      `${at}/actions/1/data/message/template_id`,
    ],
    ['an entry that is no action', 'invalid', () => orders({ entry_action_id: 'x' }), `${at}/entry_action_id`],
    [
      'a link into nothing',
      'invalid',
      () => orders({ actions: [wait({ links: { next: 'x' } }), mail()] }),
      `${at}/actions/0/links`,
    ],
    [
      'a subject of two lines',
      'invalid',
      () => orders({ actions: [wait(), mail({ subject_line: 'Hi\r\nBcc: victim@example.org' })] }),
      `${at}/actions/1/data/message/subject_line`,
    ],
    ['an unreachable action', 'invalid', () => orders({ entry_action_id: 'mail' }), `${at}/actions/0`],
    [
      'a circle',
      'invalid',
      () => orders({ actions: [wait(), mail({}, { links: { next: 'wait' } })] }),
      `${at}/actions`,
    ],
    [
      'an action without a name',
      'missing',
      () => orders({ actions: [wait({ temporary_id: null }), mail()] }),
      `${at}/actions/0/temporary_id`,
    ],
    [
      'two actions of one name',
      'invalid',
      () => orders({ actions: [wait(), mail({}, { temporary_id: 'wait' })] }),
      `${at}/actions/1/temporary_id`,
    ],
    [
      'a time zone that is none',
      'invalid',
      () => orders({ actions: [wait({ data: { value: 1, timezone: 'Mars/Olympus' } }), mail()] }),
      `${at}/actions/0/data/timezone`,
    ],
    [
      'a filter on a metric that does not exist',
      'invalid',
      () =>
        orders({
          profile_filter: named({
            type: 'profile-metric',
            metric_id: 'x',
            measurement: 'count',
            measurement_filter: { type: 'numeric', operator: 'equals', value: 0 },
            timeframe_filter: { type: 'date', operator: 'flow-start' },
          }),
        }),
      `${at}/profile_filter/condition_groups/0/conditions/0/metric_id`,
    ],
    [
      'a trigger filter with a pattern that is none',
      'invalid',
      () => {
        const filter = { type: 'string', operator: 'regex', value: '(?=a)' };
        const condition = { type: 'metric-property', metric_id: metric, field: 'code', filter };
        return orders({ triggers: [{ type: 'metric', id: metric, trigger_filter: named(condition) }] });
      },
      `${at}/triggers/0/trigger_filter/condition_groups/0/conditions/0/filter/value`,
    ],
    [
      're-entry that means nothing',
      'invalid',
      () => orders({ reentry_criteria: { unit: 'alltime', duration: 2 } }),
      `${at}/reentry_criteria/duration`,
    ],
  ])('refuses %s and says where', async (_name, code, definition, pointer) => {
    const before = world.store.dump().length;
    const { status, errors } = await post(definition());
    expect({ status, code: errors[0]?.code, source: errors[0]?.source }).toEqual({
      status: 400,
      code,
      source: { pointer },
    });
    expect(world.store.dump()).toHaveLength(before);
  });
});

describe('a flow', () => {
  it('goes live with all its actions', async () => {
    const { one } = await post(orders());
    expect((await patch(one.id, 'live')).one.attributes).toMatchObject({ status: 'live' });
    const shown = await world.call('GET', `/api/flows/${one.id}?additional-fields[flow]=definition`);
    expect(definitionOf(shown.one.attributes).actions[1]?.data.status).toBe('live');
  });

  it('does not go live while an email has no subject or template', async () => {
    const { one } = await post(orders({ actions: [wait(), mail({ subject_line: null })] }));
    expect((await patch(one.id, 'live')).status).toBe(400);
    expect((await patch(one.id, 'manual')).status).toBe(200);
    expect((await patch(one.id, 'asleep')).errors[0]?.source).toEqual({ pointer: '/data/attributes/status' });
  });

  it('shows its definition only when asked', async () => {
    const { one } = await post(orders());
    expect((await world.call('GET', `/api/flows/${one.id}`)).one.attributes).not.toHaveProperty('definition');
  });

  it('is found by its status and name, and by the metric that triggers it', async () => {
    const { one } = await post(orders(), 'First');
    await post(orders(), 'Second');
    await patch(one.id, 'live');
    const found = await world.call('GET', '/api/flows?filter=equals(status,"live"),starts-with(name,"Fi")');
    expect(found.many.map(({ id }) => id)).toEqual([one.id]);
    const triggered = await world.call('GET', `/api/metrics/${metric}/flow-triggers`);
    expect(triggered.many).toHaveLength(2);
    expect((await world.call('GET', '/api/metrics/nope00/flow-triggers')).status).toBe(404);
  });

  it('is told of the list that triggers it', async () => {
    const list = await world.call('POST', '/api/lists', { data: { type: 'list', attributes: { name: 'L' } } });
    const { one } = await post(orders({ triggers: [{ type: 'list', id: list.one.id }] }));
    const path = `/api/lists/${list.one.id}`;
    expect((await world.call('GET', `${path}/flow-triggers`)).many.map(({ id }) => id)).toEqual([one.id]);
    expect((await world.call('GET', `${path}/relationships/flow-triggers`)).many.map(({ id }) => id)).toEqual([one.id]);
  });

  it('is not told of a list that triggers none, nor of a list or a segment that is not there', async () => {
    const list = await world.call('POST', '/api/lists', { data: { type: 'list', attributes: { name: 'L' } } });
    const path = `/api/lists/${list.one.id}`;
    expect(list.one.relationships).toHaveProperty('flow-triggers');
    expect((await world.call('GET', `${path}/flow-triggers`)).many).toEqual([]);
    expect((await world.call('GET', `${path}/relationships/flow-triggers`)).many).toEqual([]);
    expect((await world.call('GET', '/api/lists/nope00/flow-triggers')).status).toBe(404);
    expect((await world.call('GET', '/api/segments/nope00/flow-triggers')).status).toBe(404);
    const shown = await world.call('GET', '/api/lists?include=flow-triggers');
    expect(shown.many[0]?.relationships).toMatchObject({ 'flow-triggers': { data: [] } });
  });

  it('can be taken apart into actions and messages', async () => {
    const { one } = await post(orders());
    const { actions } = definitionOf(one.attributes);
    const [delay, sending] = actions;
    const message = sending?.data.message?.id ?? '';
    const listed = await world.call('GET', `/api/flows/${one.id}/flow-actions?filter=equals(action_type,"send-email")`);
    expect(listed.many.map(({ id }) => id)).toEqual([sending?.id]);
    const shown = await world.call('GET', `/api/flow-actions/${sending?.id}?include=flow,flow-messages`);
    expect(shown.included.map(({ type, id }) => [type, id])).toEqual([
      ['flow', one.id],
      ['flow-message', message],
    ]);
    const told = await world.call('GET', `/api/flow-messages/${message}?include=template`);
    expect(told.one.attributes).toMatchObject({ channel: 'email', definition: { subject_line: 'Hello' } });
    expect(told.included.map(({ id }) => id)).toEqual([template]);
    const above = await world.call('GET', `/api/flow-messages/${message}/relationships/flow-action`);
    expect(above.one).toMatchObject({ type: 'flow-action', id: sending?.id });
    expect((await world.call('GET', `/api/flow-actions/${delay?.id}/flow-messages`)).many).toEqual([]);
    expect((await world.call('GET', '/api/flow-actions/nope00')).status).toBe(404);
  });

  it('is gone when it is removed', async () => {
    const { one } = await post(orders());
    expect((await world.call('DELETE', `/api/flows/${one.id}`)).status).toBe(204);
    expect((await world.call('GET', `/api/flows/${one.id}`)).status).toBe(404);
    expect((await world.call('DELETE', `/api/flows/${one.id}`)).status).toBe(404);
  });
});
