import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { flowOf } from './flow-specimens.ts';
import { conditionsOf, eventOf, segmentOf, templateOf } from './specimens.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
let metric: string;
let template: string;
beforeAll(async () => {
  stage = await openStage();
  await stage.send('POST', '/api/events', { body: eventOf({ email: 'test@flows.example' }, { unique_id: 'test' }) });
  metric = (await stage.sdk.metrics.getMetrics()).body.data[0]?.id ?? '';
  template = (await stage.send('POST', '/api/templates', { body: templateOf({}) })).one.id;
});
afterAll(() => stage.close());

/** A flow as the SDK spells it: an hour's wait, then an email. */
async function make(name: string, trigger = { type: 'metric', id: metric }): Promise<string> {
  const data = {
    type: 'flow',
    attributes: {
      name,
      definition: {
        triggers: [trigger],
        entryActionId: 'wait',
        actions: [
          { temporaryId: 'wait', type: 'time-delay', links: { next: 'mail' }, data: { unit: 'hours', value: 1 } },
          {
            temporaryId: 'mail',
            type: 'send-email',
            links: { next: null },
            data: {
              message: { subjectLine: 'Hello', templateId: template, name: 'First', smartSendingEnabled: false },
            },
          },
        ],
      },
    },
  };
  const made = await stage.sdk.flows.createFlow({ data } as Parameters<typeof stage.sdk.flows.createFlow>[0]);
  expect(made.response.status).toBe(201);
  return made.body.data.id;
}

describe('a flow', () => {
  it('is made as a draft, set live and removed', async () => {
    const { flows } = stage.sdk;
    const id = await make('Thanks');
    const read = await flows.getFlow(id, { additionalFieldsFlow: ['definition'], include: ['flow-actions', 'tags'] });
    expect(read.body.data.attributes).toMatchObject({
      name: 'Thanks',
      status: 'draft',
      definition: { triggers: [{ type: 'metric', id: metric }] },
    });
    expect(read.body.included?.map(({ type }) => type)).toEqual(['flow-action', 'flow-action']);
    const live = await flows.updateFlow(id, { data: { type: 'flow', id, attributes: { status: 'live' } } });
    expect(live.body.data.attributes).toMatchObject({ status: 'live' });
    expect((await flows.deleteFlow(id)).response.status).toBe(204);
    expect(await refusalOf(flows.getFlow(id))).toMatchObject({ status: 404 });
  });

  it('leads to its actions, their messages and templates, and back', async () => {
    const { flows } = stage.sdk;
    const id = await make('Connected');
    const actions = await flows.getActionsForFlow(id, { sort: 'action_type', fieldsFlowAction: ['definition.type'] });
    const [email] = actions.body.data;
    const action = email?.id ?? '';
    expect(actions.body.data.map(({ attributes }) => attributes.definition?.type)).toEqual([
      'send-email',
      'time-delay',
    ]);
    const ids = await flows.getActionIdsForFlow(id, { sort: 'action_type' });
    expect(ids.body.data.map((one) => one.id)).toEqual(actions.body.data.map((one) => one.id));
    const whole = await flows.getFlowAction(action, { include: ['flow', 'flow-messages'], fieldsFlow: ['name'] });
    const message = whole.body.included?.find(({ type }) => type === 'flow-message')?.id ?? '';
    expect(whole.body.included?.map(({ type }) => type).toSorted()).toEqual(['flow', 'flow-message']);
    const [ofAction, idOfAction, messages, messageIds] = await Promise.all([
      flows.getFlowForFlowAction(action, { fieldsFlow: ['name'] }),
      flows.getFlowIdForFlowAction(action),
      flows.getFlowActionMessages(action, { filter: new FilterBuilder().equals('name', 'First').build() }),
      flows.getMessageIdsForFlowAction(action),
    ]);
    expect(ofAction.body.data?.attributes).toMatchObject({ name: 'Connected' });
    expect(idOfAction.body.data).toMatchObject({ type: 'flow', id });
    expect(messages.body.data.map((one) => one.id)).toEqual([message]);
    expect(messageIds.body.data.map((one) => one.id)).toEqual([message]);
    const [read, back, backId, used, usedId] = await Promise.all([
      flows.getFlowMessage(message, { include: ['template', 'flow-action'] }),
      flows.getActionForFlowMessage(message),
      flows.getActionIdForFlowMessage(message),
      flows.getTemplateForFlowMessage(message, { fieldsTemplate: ['name'] }),
      flows.getTemplateIdForFlowMessage(message),
    ]);
    expect(read.body.data.attributes).toMatchObject({ channel: 'email', definition: { subjectLine: 'Hello' } });
    expect(back.body.data?.id).toBe(action);
    expect(backId.body.data?.id).toBe(action);
    expect(used.body.data?.type).toBe('template');
    expect(usedId.body.data?.type).toBe('template');
    expect((await flows.getTagsForFlow(id)).body.data).toEqual([]);
    expect((await flows.getTagIdsForFlow(id)).body.data).toEqual([]);
  });

  it('is found by its name, status and trigger, and by the metric that triggers it', async () => {
    const { flows, metrics } = stage.sdk;
    const made = [await make('Found one'), await make('Found two'), await make('Lost')];
    const filter = new FilterBuilder()
      .startsWith('name', 'Found')
      .equals('status', 'draft')
      .equals('trigger_type', 'Metric')
      .build();
    const first = await flows.getFlows({ filter, sort: 'name', pageSize: 1, fieldsFlow: ['name'] });
    const second = await flows.getFlows({
      filter,
      sort: 'name',
      pageSize: 1,
      fieldsFlow: ['name'],
      pageCursor: first.body.links?.next ?? '',
    });
    expect([...first.body.data, ...second.body.data].map((one) => one.id)).toEqual(made.slice(0, 2));
    expect((await metrics.getFlowsTriggeredByMetric(metric)).body.data.map((one) => one.id)).toEqual(
      expect.arrayContaining(made),
    );
    expect((await metrics.getIdsForFlowsTriggeredByMetric(metric)).body.data.map((one) => one.id)).toEqual(
      expect.arrayContaining(made),
    );
  });

  it('is shown by the list or segment that triggers it, and by no other', async () => {
    const { lists, segments } = stage.sdk;
    const list = (await lists.createList({ data: { type: 'list', attributes: { name: 'L' } } })).body.data.id;
    const isSet = { type: 'profile-property', property: 'email', filter: { type: 'existence', operator: 'is-set' } };
    const segment = (await stage.send('POST', '/api/segments', { body: segmentOf('S', conditionsOf(isSet)) })).one.id;
    const triggered = async () => {
      const answers = await Promise.all([
        lists.getFlowsTriggeredByList(list),
        lists.getIdsForFlowsTriggeredByList(list),
        segments.getFlowsTriggeredBySegment(segment),
        segments.getIdsForFlowsTriggeredBySegment(segment),
      ]);
      return answers.map(({ body }) => body.data.map(({ id }) => id));
    };
    await make('By a metric');
    expect(await triggered()).toEqual([[], [], [], []]);
    const [byList, bySegment] = await Promise.all([
      make('By a list', { type: 'list', id: list }),
      make('By a segment', { type: 'segment', id: segment }),
    ]);
    expect(await triggered()).toEqual([[byList], [byList], [bySegment], [bySegment]]);
    const types = await Promise.all([byList, bySegment].map((id) => stage.sdk.flows.getFlow(id)));
    expect(types.map(({ body }) => body.data.attributes.triggerType)).toEqual(['Added to List', 'Added to List']);
  });

  it('that is not sound is refused with the place of its fault, and changes nothing', async () => {
    const count = async () => (await stage.send('GET', '/api/flows')).many.length;
    const before = await count();
    const good = JSON.stringify(flowOf({ metric, template }));
    const at = '/data/attributes/definition';
    const faults: [string, string, string][] = [
      ['"next":"split"', '"next":"nowhere"', `${at}/actions/0/links`],
      [`"template_id":"${template}"`, '"template_id":"nothing"', `${at}/actions/2/data/message/template_id`],
      ['"value":1,"secondary', '"value":-1,"secondary', `${at}/actions/0/data/value`],
      ['"type":"time-delay"', '"type":"time-machine"', `${at}/actions/0/type`],
      ['"temporary_id":"mail"', '"temporary_id":"wait"', `${at}/actions/2/temporary_id`],
    ];
    for (const [part, by, pointer] of faults) {
      expect(good).toContain(part);
      const { status, errors } = await stage.send('POST', '/api/flows', { body: good.replace(part, by) });
      expect([status, errors[0]?.source.pointer], by).toEqual([400, pointer]);
    }
    expect(await count()).toBe(before);
  });

  it('has minutes beside hours; beside days only none', async () => {
    const good = JSON.stringify(flowOf({ metric, template }));
    const inDays = (minutes: number) => {
      const body = good.replace(
        '"hours","value":1,"secondary_value":30',
        `"days","value":1,"secondary_value":${minutes}`,
      );
      return stage.send('POST', '/api/flows', { body });
    };
    const pointer = '/data/attributes/definition/actions/0/data/secondary_value';
    expect((await inDays(30)).errors[0]?.source).toEqual({ pointer });
    const { status, one } = await inDays(0);
    expect(status).toBe(201);
    await stage.send('DELETE', `/api/flows/${one.id}`);
  });

  it('writes to who did what triggers it, once, an hour later', async () => {
    const { flows, profiles } = stage.sdk;
    const id = await make('Sends');
    await flows.updateFlow(id, { data: { type: 'flow', id, attributes: { status: 'live' } } });
    const email = 'reader@flows.example';
    await profiles.bulkSubscribeProfiles({
      data: {
        type: 'profile-subscription-bulk-create-job',
        attributes: {
          profiles: {
            data: [
              {
                type: 'profile',
                attributes: { email, subscriptions: { email: { marketing: { consent: 'SUBSCRIBED' } } } },
              },
            ],
          },
        },
      },
    });
    await stage.settle();
    const order = eventOf({ email }, { unique_id: 'order' });
    for (let i = 0; i < 2; i += 1) expect((await stage.send('POST', '/api/events', { body: order })).status).toBe(202);
    const inbox = async () => (await stage.emails()).filter(({ to }) => to === email);
    await stage.advance('59m');
    expect(await inbox()).toEqual([]);
    await stage.advance('2h');
    expect(await inbox()).toMatchObject([{ subject: 'Hello' }]);
  });

  it('writes to people of any name, each once, in one line of each header', async () => {
    const { flows, profiles } = stage.sdk;
    const html = '<p>{{ first_name }}{{ event.n }}{{ event.constructor.x }}{{ event|lookup:"__proto__" }}</p>';
    const hostile = (await stage.send('POST', '/api/templates', { body: templateOf({ html }) })).one.id;
    const { data } = flowOf({ metric, template: hostile }, 'Hostile');
    const create = (texts: { subject_line: string; from_label: string }) => {
      const message = { ...texts, template_id: hostile, smart_sending_enabled: false };
      const mail = { temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { message } };
      const definition = { triggers: [{ type: 'metric', id: metric }], entry_action_id: 'mail', actions: [mail] };
      return stage.send('POST', '/api/flows', {
        body: { data: { ...data, attributes: { name: 'Hostile', definition } } },
      });
    };
    const injected = [
      { subject_line: 'Hi {{ first_name }}\r\nBcc: a@evil.example', from_label: 'A' },
      { subject_line: 'Hi {{ first_name }}', from_label: 'A\r\nB' },
    ];
    for (const texts of injected) expect((await create(texts)).status).toBe(400);
    const { one } = await create({ subject_line: 'Hi {{ first_name }}', from_label: '{{ first_name }} of A' });
    await flows.updateFlow(one.id, { data: { type: 'flow', id: one.id, attributes: { status: 'live' } } });
    const names = [
      'a\r\nBcc: b@evil.example',
      '\0',
      '\ufffe\uffff',
      '{{ x }}',
      '<script>',
      '\u202e',
      'x'.repeat(5000),
      '\u2028',
    ];
    const subscriptions = { email: { marketing: { consent: 'SUBSCRIBED' as const } } };
    const people = names.map((name, i) => ({ name, email: `name${i}@flows.example` }));
    const rows = people.map(({ email }) => ({ type: 'profile' as const, attributes: { email, subscriptions } }));
    const attributes = { profiles: { data: rows } };
    await profiles.bulkSubscribeProfiles({ data: { type: 'profile-subscription-bulk-create-job', attributes } });
    await stage.settle();
    for (const { name, email } of people) {
      const properties = `{"__proto__":{"x":1},"constructor":"y","n":${JSON.stringify(name)}}`;
      const event = JSON.stringify(eventOf({ email, first_name: name }, { properties: '@', unique_id: email }));
      const sent = await stage.send('POST', '/api/events', { body: event.replace('"@"', () => properties) });
      expect(sent.status).toBe(202);
    }
    await stage.advance('1m');
    const inbox = (await stage.emails()).filter(({ to }) => to.startsWith('name'));
    expect(inbox.map(({ to }) => to).toSorted()).toEqual(people.map(({ email }) => email));
    for (const { subject, from, html: shown } of inbox) {
      expect(`${subject}${from}`).not.toMatch(/[\r\n\0\u2028]/);
      expect(shown).not.toContain('<script>');
    }
  });
});

describe('a live flow with people in it', () => {
  it('has its actions changed and taken out, its graph put anew, and shows who is where', async () => {
    const { flows } = stage.sdk;
    const id = await make('Edited');
    await flows.updateFlow(id, { data: { type: 'flow', id, attributes: { status: 'live' } } });
    const email = 'waits@flows.example';
    await stage.send('POST', '/api/events', { body: eventOf({ email }, { unique_id: 'waits' }) });
    await stage.settle();
    const [wait, mail] = (await stage.send('GET', `/api/flows/${id}/flow-actions`)).many
      .map((one) => one.attributes['definition'] as { id: string; type: string; data: object; links: object })
      .toSorted((a, b) => (a.type < b.type ? 1 : -1));
    const enrolled = (await stage.send('GET', `/x/flows/${id}/enrolments`)).many;
    expect(enrolled).toMatchObject([{ attributes: { status: 'active', action_id: wait!.id, flow_version: 2 } }]);
    const profile = String(enrolled[0]?.attributes['profile_id']);

    const of = (action: { id: string }, definition: object) => ({
      data: { type: 'flow-action', id: action.id, attributes: { definition } },
    });
    type Change = Parameters<typeof flows.updateFlowAction>[1];
    const longer = of(wait!, { type: 'time-delay', data: { unit: 'hours', value: 5 } }) as Change;
    const changed = await flows.updateFlowAction(wait!.id, longer);
    expect(changed.body.data.attributes.definition).toMatchObject({ data: { value: 5 }, links: { next: mail!.id } });
    const rewired = { ...wait, links: { next: null } };
    const refused = await stage.send('PATCH', `/api/flow-actions/${wait!.id}`, { body: of(wait!, rewired) });
    expect(refused.errors[0]).toMatchObject({ source: { pointer: '/data/attributes/definition/links' } });

    const read = await stage.send('GET', `/api/flows/${id}?additional-fields[flow]=definition`);
    const definition = read.one.attributes['definition'] as { actions: { id: string }[] };
    const second = {
      temporary_id: 'more',
      type: 'send-email',
      links: { next: null },
      data: { status: 'live', message: { subject_line: 'More', template_id: template, smart_sending_enabled: false } },
    };
    const actions = definition.actions.map((one) => (one.id === mail!.id ? { ...one, links: { next: 'more' } } : one));
    const body = {
      data: { type: 'flow', id, attributes: { definition: { ...definition, actions: [...actions, second] } } },
    };
    const put = await stage.send('PUT', `/x/flows/${id}/definition`, { body });
    expect(put.status).toBe(200);
    expect((await flows.deleteFlowAction(mail!.id)).response.status).toBe(204);
    expect((await stage.send('DELETE', `/api/flow-actions/${mail!.id}`)).status).toBe(404);
    await stage.advance('2h');
    const told = (await stage.emails()).filter(({ to, why }) => to === email && why.includes(id));
    expect(told).toMatchObject([{ subject: 'More' }]);

    const attributes = { flow_id: id };
    const trial = (more: object) =>
      stage.send('POST', '/x/flows/simulate', {
        body: { data: { type: 'flow-simulation', attributes: { ...attributes, ...more } } },
      });
    const before = (await stage.emails()).length;
    const course = await trial({ profile_id: profile });
    expect(course.one.attributes).toMatchObject({
      looked_at: 1,
      entered: 1,
      steps: [{ does: 'wait' }, { does: 'send' }],
    });
    const month = await trial({ days: 31 });
    const { looked_at: events } = month.one.attributes as { looked_at: number };
    expect(events).toBeGreaterThan(1);
    expect(month.one.attributes).toMatchObject({
      entered: events,
      actions: [{ outcomes: { wait: events } }, { outcomes: { send: events } }],
    });
    expect((await trial({ flow_id: 'none' })).status).toBe(404);
    await stage.advance('6h');
    expect((await stage.emails()).length).toBe(before);

    const counts = (await stage.send('GET', `/x/flows/${id}/counts`)).many;
    expect(counts.map(({ attributes }) => attributes['acted'])).toEqual([0, 1]);
    const timeline = (await stage.send('GET', `/x/profiles/${profile}/timeline`)).many;
    expect(timeline.map(({ attributes }) => attributes['what'])).toEqual(
      expect.arrayContaining(['event', 'flow-entered', 'flow-finished', 'message-sent']),
    );
  });
});

it('people who met the trigger before are put into a flow', async () => {
  const id = await make('Late');
  const ask = (flow: string, attributes: object) =>
    stage.send('POST', `/x/flows/${flow}/back-populate`, {
      body: { data: { type: 'flow-back-population', attributes } },
    });
  expect((await ask(id, {})).errors[0]).toMatchObject({ detail: expect.stringContaining('lets nobody in') as string });
  await stage.sdk.flows.updateFlow(id, { data: { type: 'flow', id, attributes: { status: 'live' } } });
  const email = 'late@flows.example';
  await stage.send('POST', '/api/events', { body: eventOf({ email }, { unique_id: 'late' }) });
  await stage.settle();
  expect((await ask(id, { enters: 'beginning' })).errors[0]?.source).toEqual({ pointer: '/data/attributes/enters' });
  expect((await ask('none', {})).status).toBe(404);
  const asked = await ask(id, { days: 1 });
  expect(asked).toMatchObject({ status: 202, one: { attributes: { status: 'queued', flow_id: id } } });
  await stage.settle();
  await stage.advance('1m');
  const job = await stage.send('GET', `/x/flow-back-populations/${asked.one.id}`);
  expect(job.one.attributes).toMatchObject({ status: 'complete', failed_count: 0 });
  // Who is in it already is left alone.
  const { many } = await stage.send('GET', `/x/flows/${id}/enrolments?page[size]=100`);
  const people = many.map(({ attributes }) => attributes['profile_id']);
  expect(new Set(people).size).toBe(people.length);
});

describe('messages of a manual flow', () => {
  const people = ['one', 'two', 'three'].map((name) => `${name}@review.example`);

  async function waiting() {
    const { flows } = stage.sdk;
    const id = await make('Reviewed');
    await flows.updateFlow(id, { data: { type: 'flow', id, attributes: { status: 'manual' } } });
    for (const email of people) {
      await stage.send('POST', '/api/events', { body: eventOf({ email }, { unique_id: `${id} ${email}` }) });
    }
    await stage.settle();
    await stage.advance('2h');
    const actions = (await flows.getActionsForFlow(id, { sort: '-action_type' })).body.data;
    const action = actions.find(({ attributes }) => attributes.definition?.type === 'send-email')?.id ?? '';
    const review = () => stage.send('GET', `/x/flow-actions/${action}/review?page[size]=100`);
    const decide = async (attributes: object) => {
      const body = { data: { type: 'flow-message-review', attributes } };
      const asked = await stage.send('POST', `/x/flow-actions/${action}/review`, { body });
      expect(asked.status).toBe(202);
      await stage.settle();
      await stage.advance('1m');
      return (await stage.send('GET', `/x/flow-message-reviews/${asked.one.id}`)).one.attributes;
    };
    const sent = async () => (await stage.emails()).filter(({ to, why }) => people.includes(to) && why.includes(id));
    return { id, review, decide, sent };
  }

  it('wait to be looked at, and are let go or cancelled one by one or all together', async () => {
    const { review, decide, sent } = await waiting();
    const { many } = await review();
    expect(many).toHaveLength(3);
    const [first, second] = many.map(({ id, attributes }) => ({ id, profile_id: String(attributes['profile_id']) }));
    expect(await sent()).toEqual([]);
    expect(await decide({ decision: 'send', messages: [first] })).toMatchObject({
      status: 'complete',
      completed_count: 1,
    });
    expect(await sent()).toHaveLength(1);
    expect(await decide({ decision: 'cancel', messages: [second, first] })).toMatchObject({
      ...{ completed_count: 1, skipped_count: 1 },
    });
    const timeline = (await stage.send('GET', `/x/profiles/${second!.profile_id}/timeline`)).many;
    expect(timeline.map(({ attributes }) => attributes['reason'])).toContain('Email Cancelled');
    expect(await decide({ decision: 'send' })).toMatchObject({ completed_count: 1 });
    expect(await sent()).toHaveLength(2);
    expect((await review()).many).toEqual([]);
    expect(await decide({ decision: 'send' })).toMatchObject({ completed_count: 0 });
  });

  it('ask their filters again when they are let go', async () => {
    const { id, review, decide, sent } = await waiting();
    const { many } = await review();
    const definition = (await stage.send('GET', `/api/flows/${id}?additional-fields[flow]=definition`)).one.attributes[
      'definition'
    ] as object;
    const named = { type: 'profile-property', property: 'first_name' };
    const isNobody = { ...named, filter: { type: 'string', operator: 'equals', value: 'Nobody' } };
    const changed = { ...definition, profile_filter: { condition_groups: [{ conditions: [isNobody] }] } };
    const body = { data: { type: 'flow', id, attributes: { definition: changed } } };
    expect((await stage.send('PUT', `/x/flows/${id}/definition`, { body })).status).toBe(200);
    expect(await decide({ decision: 'send' })).toMatchObject({ completed_count: 3 });
    expect(await sent()).toEqual([]);
    const profile = String(many[0]?.attributes['profile_id']);
    const timeline = (await stage.send('GET', `/x/profiles/${profile}/timeline`)).many;
    expect(timeline.map(({ attributes }) => attributes['reason'])).toContain('Fails Flow Filters');
  });
});

it('a flow goes into a file, and the file makes a flow', async () => {
  const id = await make('Travels');
  const file = await stage.send('GET', `/x/flows/${id}/export`);
  expect(file.one.attributes).toMatchObject({ name: 'Travels', references: [{ kind: 'metric', id: metric }] });
  const taken = await stage.send('POST', '/x/flows/import', { body: JSON.parse(file.text) });
  expect(taken).toMatchObject({ status: 201, one: { attributes: { name: 'Travels', status: 'draft' } } });
  expect(taken.one.id).not.toBe(id);
});

it('every operation of the area was exercised', () => expectExercised(stage, 'flows'));
