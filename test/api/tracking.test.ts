// Tracking settings, and what follows from them: an email whose links carry parameters, and whose opens and clicks are
// events of the person.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefused } from './refusals.ts';
import { type Things, eventOf, furnish, templateOf } from './specimens.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
let things: Things;
beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Bean01', stage.key);
});
afterAll(() => stage.close());

const change = (attributes: object, id = 'Bean01') => ({ data: { type: 'tracking-setting', id, attributes } });

describe('tracking settings', () => {
  it('are one entry, of the account, that says the usual', async () => {
    const { trackingSettings } = stage.sdk;
    const { data } = (await trackingSettings.getTrackingSettings()).body;
    expect(data.map(({ id }) => id)).toEqual(['Bean01']);
    expect((await trackingSettings.getTrackingSetting('Bean01')).body.data.attributes).toMatchObject({
      autoAddParameters: false,
      utmMedium: { flow: { type: 'dynamic', value: 'message_type' } },
    });
    expect((await refusalOf(trackingSettings.getTrackingSetting('XyZ789'))).status).toBe(404);
  });

  it('change as far as they are given, each parameter for flows and campaigns by itself', async () => {
    const { trackingSettings } = stage.sdk;
    const changed = await trackingSettings.updateTrackingSetting('Bean01', {
      data: {
        type: 'tracking-setting',
        id: 'Bean01',
        attributes: {
          autoAddParameters: true,
          utmSource: { flow: { type: 'static', value: 'beans' } },
          utmTerm: { flow: { type: 'dynamic', value: 'link_alt_text' } },
          customParameters: [{ name: 'via', flow: { type: 'dynamic', value: 'flow_name' } }],
        },
      },
    });
    expect(changed.body.data.attributes).toMatchObject({
      ...{ autoAddParameters: true, utmTerm: { flow: { type: 'dynamic', value: 'link_alt_text' } } },
      utmSource: { flow: { type: 'static', value: 'beans' }, campaign: { type: 'static', value: 'Klaviyo' } },
    });
    const { one } = await stage.send('PATCH', '/api/tracking-settings/Bean01', {
      body: change({ utm_source: { campaign: null } }),
    });
    expect(one.attributes['utm_source']).toEqual({ flow: { type: 'static', value: 'beans' }, campaign: null });
    expect(one.attributes['auto_add_parameters']).toBe(true);
  });

  it.each([
    [{ utm_source: { flow: { type: 'dynamic', value: 'campaign_id' } } }],
    [{ utm_source: { flow: { type: 'other', value: 'x' } } }],
    [{ custom_parameters: [{ name: 'a' }, { name: 'a' }] }],
    [{ custom_parameters: [{ name: 'utm_source' }] }],
    [{ custom_parameters: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name })) }],
    [{ auto_add_parameters: 'yes' }],
  ])('refuse %o', async (attributes) => {
    const ask = () => stage.send('PATCH', '/api/tracking-settings/Bean01', { body: change(attributes) });
    await expectRefused(stage, ask, 400);
  });
});

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36';

describe('an email of a flow', () => {
  it('tells of its receipt, its opens and its clicks; its links carry what the account says; it is a page too', async () => {
    const html = `<head><style>p{color:#111}</style></head><body><p>Hello {{ email }} {{ person.phone_number }}</p><a href="https://shop.example/beans?a=1#b"><img src="x.png" alt="Beans"></a>
<a href="{% web_view_link %}">In the browser</a></body>`;
    const template = (await stage.send('POST', '/api/templates', { body: templateOf({ name: 'Tracked', html }) })).one
      .id;
    const message = { name: 'Thanks', subject_line: 'Thank you', template_id: template };
    const definition = {
      triggers: [{ type: 'metric', id: things.metric }],
      entry_action_id: 'mail',
      actions: [{ temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { status: 'live', message } }],
    };
    const body = { data: { type: 'flow', attributes: { name: 'Orders & more', definition } } };
    const flow = (await stage.send('POST', '/api/flows', { body })).one.id;
    await stage.send('PATCH', `/api/flows/${flow}`, {
      body: { data: { type: 'flow', id: flow, attributes: { status: 'live' } } },
    });
    const email = 'clicker@tracking.example';
    await stage.send('POST', '/api/events', { body: eventOf({ email, phone_number: '+12125550177' }) });
    await stage.settle();

    const { html: shown = '' } = (await stage.emails()).find(({ to }) => to === email) ?? {};
    const link = (kind: string) => new RegExp(`"(http[^"]*/p/${kind}/[^"]+)"`).exec(shown)?.[1] ?? '';
    const open = (url: string) => fetch(url, { redirect: 'manual', headers: { 'user-agent': browser } });
    expect((await open(link('open'))).headers.get('content-type')).toBe('image/gif');
    const followed = await open(link('click'));
    const parameters =
      'utm_source=beans&utm_medium=email&utm_campaign=Thanks+%28MSG%29&utm_term=Beans&via=Orders+%26+more';
    const target = `https://shop.example/beans?a=1&${parameters}#b`;
    expect(followed.status).toBe(302);
    expect(followed.headers.get('location')?.replace(/%28\w+%29/, '%28MSG%29')).toBe(target);

    const view = await open(link('view'));
    const page = await view.text();
    expect(view.status).toBe(200);
    expect(page).toContain('In the browser');
    expect(page).not.toMatch(/clicker|2125550177|\/p\/open\//);
    expect(view.headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(view.headers.get('content-security-policy')).toContain('sandbox');

    // The sheet stands on what it is about, wherever the email is looked at.
    const rendering = { data: { type: 'template', id: template, attributes: { context: {} } } };
    const rendered = (await stage.send('POST', '/api/template-render', { body: rendering })).one;
    for (const seen of [shown, page, String(rendered.attributes['html'])])
      expect(seen).toContain('<p style="color:#111">Hello');

    await stage.settle();
    const people = await stage.send('GET', `/api/profiles?filter=equals(email,"${email}")`);
    const profile = people.many[0]?.id ?? '';
    const events = await stage.send('GET', `/api/events?filter=equals(profile_id,"${profile}")&include=metric`);
    const names = new Map(events.included.map(({ id, attributes }) => [id, attributes['name']]));
    const told = events.many.map(({ attributes, relationships }) => ({
      metric: names.get((relationships['metric']?.data as { id: string }).id),
      ...(attributes['event_properties'] as Record<string, unknown>),
    }));
    const of = (metric: string) => told.filter((one) => one.metric === metric);
    const says = { $flow: flow, 'Campaign Name': 'Thanks', Subject: 'Thank you' };
    expect(of('Received Email')).toMatchObject([says]);
    expect(of('Opened Email')).toMatchObject([{ ...says, machine_open: false }]);
    expect(of('Clicked Email')).toMatchObject([{ ...says, 'Bot Click': false }]);
  });
});

describe('an event', () => {
  it('is put down to the message that was touched last within its window, by people and not by software', async () => {
    const email = 'clicker@tracking.example';
    const order = async (id: string) => {
      await stage.send('POST', '/api/events', { body: eventOf({ email }, { unique_id: id }) });
      await stage.settle();
      const found = await stage.send(
        'GET',
        `/api/events?filter=equals(metric_id,"${things.metric}")&include=attributions&page[size]=1`,
      );
      const [event] = found.many;
      return { event, included: found.included.filter(({ type }) => type === 'attribution') };
    };
    await stage.advance('1h');
    const { event, included } = await order('soon');
    const [attribution] = included;
    expect(event?.relationships['attributions']?.data).toEqual([{ type: 'attribution', id: attribution?.id }]);
    expect(attribution?.relationships['event']?.data).toEqual({ type: 'event', id: event?.id });
    const link = (name: string) => (attribution?.relationships[name]?.data as { id: string } | undefined)?.id ?? '';
    const touch = await stage.send('GET', `/api/events/${link('attributed-event')}`);
    expect(touch.one.attributes['event_properties']).toMatchObject({
      $flow: link('flow'),
      $message: link('flow-message'),
    });
    expect((await stage.send('GET', `/api/flow-messages/${link('flow-message')}`)).status).toBe(200);
    const { body } = await stage.sdk.events.getEvent(event?.id ?? '', { include: ['attributions'] });
    expect(body.included).toHaveLength(1);

    await stage.advance('5d');
    expect((await order('late')).event?.relationships['attributions']?.data).toEqual([]);
  });
});

describe('sending', () => {
  it('goes, says what was counted, and may be let go on at any time', async () => {
    const { one } = await stage.send('GET', '/x/sending');
    expect(one).toMatchObject({
      type: 'sending',
      attributes: { state: 'going', reason: null, received: 1, bounced: 0 },
    });
    const going = { data: { type: 'sending', attributes: { state: 'going' } } };
    expect((await stage.send('PATCH', '/x/sending', { body: going })).one.attributes).toMatchObject({ state: 'going' });
    const resting = { data: { type: 'sending', attributes: { state: 'resting' } } };
    await expectRefused(stage, () => stage.send('PATCH', '/x/sending', { body: resting }), 400);
    const key = await stage.newKey('campaigns:read');
    expect((await stage.send('GET', '/x/sending', { key })).status).toBe(200);
    await expectRefused(stage, () => stage.send('PATCH', '/x/sending', { key, body: going }), 403);
  });
});

describe('tracking', () => {
  it('serves every operation, each asked plainly and by the SDK', async () => {
    await stage.send('GET', '/api/tracking-settings');
    await stage.send('GET', '/api/tracking-settings/Bean01');
    expectExercised(stage, 'tracking');
  });
});
