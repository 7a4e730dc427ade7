// Conditions on consent hold of what people really did: they confirm, bounce, complain, leave, or are suppressed by hand.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subscription } from '../support/shop.ts';
import { conditionsOf, eventOf, segmentOf, templateOf } from './specimens.ts';
import { type Stage, openStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

const post = async (path: string, body: object) => {
  const answer = await stage.send('POST', path, { body });
  expect(answer.status, `${path} ${answer.text}`).toBeLessThan(300);
  await stage.settle();
  return answer.one;
};

const consent = (can_receive_marketing: boolean, subscription: string, ...filters: object[]) => ({
  type: 'profile-marketing-consent',
  consent: { channel: 'email', can_receive_marketing, consent_status: { subscription, filters } },
});
const by = (method: string, ...sources: string[]) => ({
  ...{ field: 'method', method },
  ...(sources.length > 0 && { filter: { type: 'string', operator: 'in', value: sources } }),
});
const isTwice = (value: boolean) => ({
  field: 'is_double_opt_in',
  filter: { type: 'boolean', operator: 'equals', value },
});
const isSet = { type: 'existence', operator: 'is-set' };
const lastDay = { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 1 };

/** What is asked, by the name of its segment. */
const asked = {
  'confirmed twice': consent(true, 'subscribed', isTwice(true)),
  'subscribed at once': consent(true, 'subscribed', isTwice(false)),
  'by the click': consent(true, 'subscribed', by('api', 'Double opt-in confirmation')),
  'by the API': consent(true, 'subscribed', by('api')),
  bounced: consent(false, 'any', { field: 'bounce_date', filter: isSet }),
  'bounced lately': consent(false, 'never_subscribed', { field: 'bounce_date', filter: lastDay }),
  complained: consent(false, 'unsubscribed', by('spam_complaint')),
  suppressed: consent(false, 'subscribed', { field: 'manual_suppression_date', filter: isSet }),
  'suppressed lately': consent(false, 'any', { field: 'manual_suppression_date', filter: lastDay }),
  'left on a page': consent(false, 'unsubscribed', by('preference_page')),
  'left by one click': consent(false, 'unsubscribed', by('one_click_unsubscribe')),
  'left lately': consent(false, 'unsubscribed', { field: 'status_date', filter: lastDay }),
  'found invalid': consent(false, 'any', { field: 'invalid_email_date', filter: isSet }),
} as const;
type Name = keyof typeof asked;

const segments = new Map<string, string>();
/** Those with members, by the name before the @. */
async function members(): Promise<Partial<Record<Name, string[]>>> {
  const found: [string, string[]][] = [];
  for (const [name, id] of segments) {
    const { many } = await stage.send('GET', `/api/segments/${id}/profiles?fields[profile]=email`);
    const people = many.map(({ attributes }) => String(attributes['email']).replace(/@.*/, ''));
    if (people.length > 0) found.push([name, people.toSorted()]);
  }
  return Object.fromEntries(found);
}

const subscribe = (address: string, list?: string) =>
  post('/api/profile-subscription-bulk-create-jobs', subscription(address, list));

const suppress = (way: 'create' | 'delete', email: string) =>
  post(`/api/profile-suppression-bulk-${way}-jobs`, {
    data: {
      type: `profile-suppression-bulk-${way}-job`,
      attributes: { profiles: { data: [{ type: 'profile', attributes: { email } }] } },
    },
  });

/** A flow writes to whoever orders. */
async function makeFlow(): Promise<void> {
  await post('/api/events', eventOf({ email: 'first@ways.example' }));
  const metric = (await stage.send('GET', '/api/metrics')).many.find(
    (one) => one.attributes['name'] === 'Placed Order',
  );
  const html = '<p>Thanks {% unsubscribe %} {% manage_preferences %}</p>';
  const { id: template } = await post('/api/templates', templateOf({ name: 'Thanks', html }));
  const message = { name: 'Thanks', subject_line: 'Thank you', template_id: template };
  const mail = { temporary_id: 'mail', type: 'send-email', links: { next: null }, data: { status: 'live', message } };
  const definition = {
    triggers: [{ type: 'metric', id: metric?.id }],
    entry_action_id: 'mail',
    actions: [mail],
  };
  const { id } = await post('/api/flows', { data: { type: 'flow', attributes: { name: 'Orders', definition } } });
  const body = { data: { type: 'flow', id, attributes: { status: 'live' } } };
  expect((await stage.send('PATCH', `/api/flows/${id}`, { body })).status).toBe(200);
}

const mailTo = async (address: string) => (await stage.emails()).find(({ to }) => to === address);
async function order(email: string) {
  await post('/api/events', eventOf({ email }));
  const mail = await mailTo(email);
  expect(mail, email).toBeDefined();
  return { html: mail?.html ?? '', headers: mail?.headers ?? {} };
}

const linkIn = (text: string, page: string) => new RegExp(`https?:[^"\\s]+/p/${page}/[^"\\s>]+`).exec(text)?.[0] ?? '';
async function press(link: string, form: Readonly<Record<string, string>> = {}): Promise<void> {
  const answer = await fetch(link, { method: 'POST', body: new URLSearchParams(form) });
  expect(answer.status).toBe(200);
  await stage.settle();
}

/** Queues wait whole seconds. */
const soon = () => stage.advance('5s');

describe('consent, as people really give and withdraw it,', () => {
  it('is asked for by segments that are empty as long as nobody said anything', async () => {
    await makeFlow();
    for (const [n, [name, condition]] of Object.entries(asked).entries()) {
      segments.set(name, (await post('/api/segments', segmentOf(name, conditionsOf(condition)))).id);
      // At most five are built at a time.
      if (n % 5 === 4) await stage.advance('8s');
    }
    await stage.advance('8s');
    expect(await members()).toEqual({});
  });

  it('is confirmed by the click in an email, and not before', async () => {
    const attributes = { name: 'News', opt_in_process: 'double_opt_in' };
    const list = await post('/api/lists', { data: { type: 'list', attributes } });
    await subscribe('twice@ways.example', list.id);
    await subscribe('once@ways.example');
    await soon();
    const once = { 'subscribed at once': ['once'], 'by the API': ['once'] };
    expect(await members()).toEqual(once);
    await press(linkIn((await mailTo('twice@ways.example'))?.text ?? '', 'confirm'));
    await soon();
    expect(await members()).toEqual({
      ...once,
      'confirmed twice': ['twice'],
      'by the click': ['twice'],
      'by the API': ['once', 'twice'],
    });
  });

  it('is withdrawn by the page of an email, by what people choose there, and by one click at the mailbox', async () => {
    await press(linkIn((await order('page@ways.example')).html, 'unsubscribe'));
    await press(linkIn((await order('choice@ways.example')).html, 'preferences'), { was: 'email' });
    const { headers } = await order('click@ways.example');
    await press(linkIn(headers['List-Unsubscribe'] ?? '', 'unsubscribe'), { 'List-Unsubscribe': 'One-Click' });
    await soon();
    expect(await members()).toMatchObject({
      'left on a page': ['choice', 'page'],
      'left by one click': ['click'],
      'left lately': ['choice', 'click', 'page'],
    });
  });

  it('is stopped by hand, without being withdrawn, until that is taken back', async () => {
    await subscribe('hand@ways.example');
    await subscribe('back@ways.example');
    await soon();
    expect(await members()).toMatchObject({ 'subscribed at once': ['back', 'hand', 'once'] });
    await suppress('create', 'hand@ways.example');
    await suppress('create', 'back@ways.example');
    await soon();
    expect(await members()).toMatchObject({
      'subscribed at once': ['once'],
      suppressed: ['back', 'hand'],
      'suppressed lately': ['back', 'hand'],
    });
    await suppress('delete', 'back@ways.example');
    await soon();
    expect(await members()).toMatchObject({
      'subscribed at once': ['back', 'once'],
      suppressed: ['hand'],
      'suppressed lately': ['hand'],
    });
  });

  it('does not help against a hard bounce, and is withdrawn by a complaint', async () => {
    await order('bounce@simulator.amazonses.com');
    await order('complaint@simulator.amazonses.com');
    await soon();
    const all = {
      'confirmed twice': ['twice'],
      'subscribed at once': ['back', 'once'],
      'by the click': ['twice'],
      'by the API': ['back', 'once', 'twice'],
      bounced: ['bounce'],
      complained: ['complaint'],
      suppressed: ['hand'],
      'left on a page': ['choice', 'page'],
      'left by one click': ['click'],
    };
    expect(await members()).toEqual({
      ...all,
      'bounced lately': ['bounce'],
      'suppressed lately': ['hand'],
      'left lately': ['choice', 'click', 'complaint', 'page'],
    });
    // A day later nothing of that was lately.
    await stage.advance('25h');
    expect(await members()).toEqual(all);
  });

  it('tells with which key it was given and withdrawn, by its last four characters', async () => {
    const ends = stage.key.slice(-4);
    const keyed = {
      'given with this key': consent(true, 'subscribed', by('api', 'xxxx', ends)),
      'given with another': consent(true, 'subscribed', by('api', 'xxxx', 'yyyy')),
      'withdrawn with this key': consent(false, 'unsubscribed', by('api', ends)),
    };
    segments.clear();
    for (const [name, condition] of Object.entries(keyed))
      segments.set(name, (await post('/api/segments', segmentOf(name, conditionsOf(condition)))).id);
    await subscribe('stays@keys.example');
    await subscribe('goes@keys.example');
    await soon();
    const subscriptions = { email: { marketing: { consent: 'UNSUBSCRIBED' } } };
    const goes = { type: 'profile', attributes: { email: 'goes@keys.example', subscriptions } };
    const type = 'profile-subscription-bulk-delete-job';
    await post(`/api/${type}s`, { data: { type, attributes: { profiles: { data: [goes] } } } });
    await stage.advance('8s');
    const found: Partial<Record<string, string[]>> = await members();
    expect(found['given with this key']).toContain('stays');
    expect(found['given with this key']).not.toContain('goes');
    expect(found).toMatchObject({ 'withdrawn with this key': ['goes'] });
    expect(found).not.toHaveProperty(['given with another']);
  });
});
