// A flow as one file, made anew in another account.
import { beforeEach, describe, expect, it } from 'vitest';
import { listOperations } from '../../../shared/domain/consent/index.ts';
import { flowOperations, flowTriggers, ownFlowOperations } from '../../../shared/domain/flows/index.ts';
import { templateOperations, universalOperations } from '../../../shared/domain/templates/index.ts';
import { type Setting, setting } from '../setting.ts';
import { metricIdOf } from '../../support/metric-id.ts';

const everything = [
  ...flowOperations,
  ...ownFlowOperations,
  ...templateOperations,
  ...universalOperations,
  ...listOperations({ flowTriggers }),
];

interface Shop extends Setting {
  metric: string;
  list: string;
}

/** An account with a metric and a list of these names; nothing has the id that it has elsewhere. */
async function shop(names: { metric?: string; list?: string; before?: number } = {}): Promise<Shop> {
  const world = await setting(everything);
  const { ports, account, call } = world;
  for (let n = 0; n < (names.before ?? 0); n += 1) ports.ids.short();
  const metric = await metricIdOf(ports, account, { name: names.metric ?? 'Placed Order', service: 'api' });
  const body = { data: { type: 'list', attributes: { name: names.list ?? 'VIP' } } };
  return { ...world, metric, list: (await call('POST', '/api/lists', body)).one.id };
}

let from: Shop;
beforeEach(async () => {
  from = await shop();
});

const made = async ({ call }: Setting, type: string, path: string, attributes: object) =>
  (await call('POST', path, { data: { type, attributes } })).one.id;

/** Of everything that names something: a trigger filter, a split by list and metric, an experiment, a list to join. */
async function flow(world: Shop): Promise<string> {
  const { metric, list } = world;
  const piece = { content_type: 'block', type: 'html', data: { content: '<b>Bye</b>', display_options: {} } };
  const universal = await made(world, 'template-universal-content', '/api/template-universal-content', {
    ...{ name: 'Foot', definition: piece },
  });
  const html = `<p>Hello {{ first_name }}</p>{# universal ${universal} #}`;
  const template = await made(world, 'template', '/api/templates', {
    name: 'T',
    editor_type: 'CODE',
    html,
    text: 'Hi',
  });
  const mail = (name: string) => ({
    temporary_id: name,
    type: 'send-email',
    data: { status: 'live', message: { name, subject_line: name, template_id: template } },
  });
  const ordered = {
    ...{ type: 'profile-metric', metric_id: metric, measurement: 'count', metric_filters: null },
    measurement_filter: { type: 'numeric', operator: 'greater-than', value: 1 },
    timeframe_filter: { type: 'date', operator: 'flow-start' },
  };
  const isOn = { type: 'profile-group-membership', is_member: true, group_ids: [list] };
  const named = { type: 'metric-property', metric_id: metric, field: 'n' };
  const definition = {
    triggers: [
      {
        ...{ type: 'metric', id: metric },
        trigger_filter: {
          condition_groups: [
            { conditions: [{ ...named, filter: { type: 'numeric', operator: 'greater-than', value: 0 } }] },
          ],
        },
      },
    ],
    profile_filter: { condition_groups: [{ conditions: [isOn] }] },
    entry_action_id: 'split',
    actions: [
      {
        ...{
          temporary_id: 'split',
          type: 'conditional-split',
          links: { next_if_true: 'trial', next_if_false: 'join' },
        },
        data: { profile_filter: { condition_groups: [{ conditions: [ordered] }] } },
      },
      {
        ...{ temporary_id: 'trial', type: 'ab-test', links: { next: 'join' } },
        data: {
          ...{ experiment_status: 'live', main_action: mail('a') },
          current_experiment: { variations: [mail('b')], allocations: { a: 30, b: 70 }, winner_metric: 'unique-opens' },
        },
      },
      {
        ...{ temporary_id: 'join', type: 'list-update', links: { next: null } },
        data: { name: 'Join', on_execution: true, list_id: list, status: 'live' },
      },
    ],
    reentry_criteria: { unit: 'day', duration: 3 },
  };
  return made(world, 'flow', '/api/flows', { name: 'Orders', definition });
}

const fileOf = async ({ call }: Setting, id: string) => (await call('GET', `/x/flows/${id}/export`)).one;
const take = ({ call }: Setting, file: object) =>
  call('POST', '/x/flows/import?additional-fields[flow]=definition', { data: file });

/** Everything that was given anew replaced by its place among the ids of the file. */
function plain(file: object, ...ids: string[]): unknown {
  const seen = new Map(ids.map((id, n) => [id, `known ${n}`]));
  const anew = (id: string): string => {
    const known = seen.get(id) ?? `#${seen.size}`;
    seen.set(id, known);
    return known;
  };
  const text = JSON.stringify(file, (key, value: unknown) =>
    ['id', 'temporary_id', 'template_id'].includes(key) && typeof value === 'string' ? anew(value) : value,
  );
  return JSON.parse([...seen].reduce((all, [id, name]) => all.replaceAll(id, name), text));
}

describe('a flow as a file', () => {
  it('names what it leans on, and holds what it sends', async () => {
    const { attributes } = await fileOf(from, await flow(from));
    expect(attributes).toMatchObject({
      ...{ format: 'millrace-flow/1', name: 'Orders' },
      templates: [{ name: 'T', editor_type: 'CODE', text: 'Hi' }],
      universal_content: [{ name: 'Foot' }],
      references: [
        { id: from.metric, kind: 'metric', name: 'Placed Order', service: 'api' },
        { id: from.list, kind: 'list', name: 'VIP' },
      ],
    });
    expect(JSON.stringify(attributes['definition'])).not.toMatch(/"id":"(?!ABC)[^"]+","type":"(conditional|ab-test)/);
  });

  it('is the same flow in another account, under ids of its own', async () => {
    const file = await fileOf(from, await flow(from));
    const to = await shop({ before: 50 });
    expect(to.list).not.toBe(from.list);
    const taken = await take(to, file);
    expect(taken.status).toBe(201);
    expect(taken.one.attributes).toMatchObject({ name: 'Orders', status: 'draft', trigger_type: 'Metric' });
    const again = await fileOf(to, taken.one.id);
    expect(JSON.stringify(again)).not.toContain(from.list);
    expect(plain(again, to.metric, to.list, again.id)).toEqual(plain(file, from.metric, from.list, file.id));
    const { templates } = again.attributes as { templates: { id: string }[] };
    const shown = (await to.call('GET', `/api/templates/${templates[0]!.id}`)).one;
    expect(shown.attributes['html']).toContain('Hello {{ first_name }}');
    expect(shown.attributes['html']).toContain('<b>Bye</b>');
  });

  it('shows universal content that is there already, and copies it where it is another', async () => {
    const file = await fileOf(from, await flow(from));
    const pieces = async () => (await from.call('GET', '/api/template-universal-content')).many.length;
    expect((await take(from, file)).status).toBe(201);
    expect(await pieces()).toBe(1);
    const other = JSON.parse(JSON.stringify(file).replace('<b>Bye</b>', '<b>Ciao</b>')) as object;
    expect((await take(from, other)).status).toBe(201);
    expect(await pieces()).toBe(2);
  });

  it('is refused with the names of all that is missing, and makes nothing', async () => {
    const file = await fileOf(from, await flow(from));
    const to = await shop({ metric: 'Ordered', list: 'Others' });
    const before = JSON.stringify(to.store.dump());
    const { status, errors } = await take(to, file);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        detail: 'There is no metric called "Placed Order" of the service "api" in this account.',
        source: { pointer: '/data/attributes/references/0' },
      },
      {
        detail: 'There is no list called "VIP" in this account.',
        source: { pointer: '/data/attributes/references/1' },
      },
    ]);
    expect(JSON.stringify(to.store.dump()) === before).toBe(true);
  });

  it('is refused where a name is not one thing', async () => {
    const file = await fileOf(from, await flow(from));
    const to = await shop({ before: 50 });
    await made(to, 'list', '/api/lists', { name: 'VIP' });
    expect((await take(to, file)).errors).toMatchObject([
      { detail: 'There is more than one list called "VIP" in this account.' },
    ]);
  });

  it('is refused where it leans on what it does not name, or sends what no template is, and makes nothing', async () => {
    const file = await fileOf(from, await flow(from));
    const to = await shop({ before: 50 });
    const before = JSON.stringify(to.store.dump());
    const change = (attributes: object) => take(to, { ...file, attributes: { ...file.attributes, ...attributes } });
    expect((await change({ references: [] })).errors[0]).toMatchObject({
      source: { pointer: '/data/attributes/definition/actions/2/data/list_id' },
    });
    const [template] = file.attributes['templates'] as object[];
    expect((await change({ templates: [{ ...template, editor_type: 'NONE' }] })).errors[0]).toMatchObject({
      source: { pointer: '/data/attributes/templates/0/editor_type' },
    });
    expect((await change({ format: 'millrace-flow/2' })).status).toBe(400);
    expect(JSON.stringify(to.store.dump()) === before).toBe(true);
  });

  it('there is none of what is no flow', async () => {
    expect((await from.call('GET', '/x/flows/none/export')).status).toBe(404);
  });
});
