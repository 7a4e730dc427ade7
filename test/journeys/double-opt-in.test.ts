// Double opt-in from the request to the click, on a clock that is turned by hand.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Stage, openStage } from '../api/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ still: true });
});
afterEach(() => stage.close());

const yes = { consent: 'SUBSCRIBED' };
const ana = 'ana@people.example';

async function doubleList(name = 'News') {
  const attributes = { name, opt_in_process: 'double_opt_in' };
  const made = await stage.send('POST', '/api/lists', { body: { data: { type: 'list', attributes } } });
  expect(made.one.attributes['opt_in_process']).toBe('double_opt_in');
  return made.one.id;
}

async function subscribe(list: string | undefined, attributes: object, rest: object = {}) {
  const answer = await stage.send('POST', '/api/profile-subscription-bulk-create-jobs', {
    body: {
      data: {
        type: 'profile-subscription-bulk-create-job',
        attributes: { profiles: { data: [{ type: 'profile', attributes }] }, ...rest },
        ...(list && { relationships: { list: { data: { type: 'list', id: list } } } }),
      },
    },
  });
  await stage.settle();
  return answer;
}
const asks = (email: string, more: object = {}) => ({ email, subscriptions: { email: { marketing: yes } }, ...more });

const people = async () =>
  (await stage.send('GET', '/api/profiles?additional-fields[profile]=subscriptions')).many.map(
    ({ attributes }) => attributes as { email: string | null; phone_number: string | null; subscriptions: Shown },
  );
interface Shown {
  email: { marketing: Record<string, unknown> };
  sms: { transactional: { consent: string } };
}
const onList = async (list: string) => (await stage.send('GET', `/api/lists/${list}/profiles`)).many.length;
const mails = () => stage.emails();
const linkIn = (text = '') => /https?:\S+\/p\/confirm\/\S+/.exec(text)?.[0] ?? '';
const open = async (link: string, method = 'GET') => {
  const answer = await fetch(link, { method });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

describe('double opt-in', () => {
  it('asks at once; until the click there is no profile, no consent, nobody on the list', async () => {
    const list = await doubleList();
    expect((await subscribe(list, asks(ana), { custom_source: 'Fair' })).status).toBe(202);
    expect([await people(), await onList(list)]).toEqual([[], 0]);
    const [mail] = await mails();
    expect(mail).toMatchObject({ to: ana, from: 'Beantown Coffee <hello@beantown.coffee>', headers: {} });
    const link = linkIn(mail?.text);
    expect(mail?.html).toContain(link);

    const page = await open(link);
    expect(page.text).toContain('<form method="post"><button type="submit">Confirm</button></form>');
    expect(page.text).not.toContain('people.example');
    expect(page.headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    await stage.settle();
    expect(await people()).toEqual([]);

    await stage.advance('71h');
    expect((await open(link, 'POST')).text).toContain('Your subscription is confirmed.');
    await stage.settle();
    const [person, ...others] = await people();
    expect(others).toEqual([]);
    expect(person).toMatchObject({ email: ana });
    expect(person?.subscriptions.email.marketing).toMatchObject({
      consent: 'SUBSCRIBED',
      double_optin: true,
      method: 'API',
      method_detail: 'Double opt-in confirmation',
      custom_method_detail: 'Fair',
    });
    expect(await onList(list)).toBe(1);
    const events = await stage.send('GET', '/api/events?include=metric');
    expect(events.included.map(({ attributes }) => attributes['name'])).toEqual(['Subscribed to Email Marketing']);
  });

  it('is done once, however often the link is used, and does not undo what was said since', async () => {
    const list = await doubleList();
    await subscribe(list, asks(ana));
    const link = linkIn((await mails())[0]?.text);
    await Promise.all([open(link, 'POST'), open(link, 'POST')]);
    await stage.settle();
    expect([(await people()).length, await onList(list)]).toEqual([1, 1]);
    await stage.advance('1h');
    await stage.send('POST', '/api/profile-subscription-bulk-delete-jobs', {
      body: {
        data: {
          type: 'profile-subscription-bulk-delete-job',
          attributes: {
            profiles: {
              data: [
                {
                  type: 'profile',
                  attributes: { email: ana, subscriptions: { email: { marketing: { consent: 'UNSUBSCRIBED' } } } },
                },
              ],
            },
          },
          relationships: { list: { data: { type: 'list', id: list } } },
        },
      },
    });
    await stage.settle();
    expect((await open(link, 'POST')).status).toBe(200);
    await stage.settle();
    expect((await people())[0]?.subscriptions.email.marketing).toMatchObject({ consent: 'UNSUBSCRIBED' });
    expect(await onList(list)).toBe(0);
  });

  it('ends after 72 hours; altered links stand for nothing', async () => {
    const list = await doubleList();
    await subscribe(list, asks(ana));
    const link = linkIn((await mails())[0]?.text);
    const altered = link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const other of [altered, link.replace('/confirm/', '/unsubscribe/')]) {
      expect((await open(other, 'POST')).status).toBe(404);
    }
    await stage.advance('72h');
    for (const method of ['GET', 'POST']) {
      const page = await open(link, method);
      expect([page.status, page.text.includes('This link has expired')]).toEqual([410, true]);
    }
    await stage.settle();
    expect(await people()).toEqual([]);
  });

  it('sends one message a day to an address for a list, whoever asks', async () => {
    const [news, other] = [await doubleList(), await doubleList('Other')];
    for (let i = 0; i < 3; i += 1) await subscribe(news, asks(ana));
    await stage.advance('23h');
    await subscribe(news, asks(ana));
    expect(await mails()).toHaveLength(1);
    await subscribe(other, asks(ana));
    expect(await mails()).toHaveLength(2);
    await stage.advance('1h');
    await subscribe(news, asks(ana));
    expect(await mails()).toHaveLength(3);
  });

  it('is skipped by a historical import', async () => {
    const list = await doubleList();
    const consented_at = '2020-01-01T00:00:00Z';
    const row = { email: ana, subscriptions: { email: { marketing: { ...yes, consented_at } } } };
    await subscribe(list, row, { historical_import: true });
    expect([await mails(), await onList(list)]).toEqual([[], 1]);
  });

  it('does not apply to transactional SMS, and refuses SMS marketing that nothing could confirm', async () => {
    const list = await doubleList();
    const phone_number = '+14155552671';
    const refused = await subscribe(list, { phone_number, subscriptions: { sms: { marketing: yes } } });
    expect(refused.errors[0]).toMatchObject({
      code: 'not_allowed',
      source: { pointer: '/data/attributes/profiles/data/0/attributes/subscriptions/sms/marketing' },
    });
    const both = { email: { marketing: yes }, sms: { transactional: yes } };
    await subscribe(list, { email: ana, phone_number, subscriptions: both });
    const [person, ...others] = await people();
    expect(others).toEqual([]);
    expect(person).toMatchObject({ email: null, phone_number });
    expect(person?.subscriptions.sms.transactional.consent).toBe('SUBSCRIBED');
    expect(await onList(list)).toBe(0);
    await open(linkIn((await mails())[0]?.text), 'POST');
    await stage.settle();
    expect(await people()).toMatchObject([{ email: ana, phone_number }]);
    expect(await onList(list)).toBe(1);
  });

  it('is the account’s default where it says so: for new lists and without a list; lists that are there stay as they are', async () => {
    const list = (name: string) =>
      stage.send('POST', '/api/lists', { body: { data: { type: 'list', attributes: { name } } } });
    const old = await list('Old');
    await stage.command('accounts', 'set', '--account', 'Bean01', '--opt-in', 'double');
    await stage.advance('61s');
    expect((await list('New')).one.attributes['opt_in_process']).toBe('double_opt_in');
    const { one } = await stage.send('GET', `/api/lists/${old.one.id}`);
    expect(one.attributes['opt_in_process']).toBe('single_opt_in');
    await subscribe(undefined, asks(ana));
    expect(await people()).toEqual([]);
    await open(linkIn((await mails())[0]?.text), 'POST');
    await stage.settle();
    expect((await people())[0]?.subscriptions.email.marketing).toMatchObject({ consent: 'SUBSCRIBED' });
  });

  it('carries nothing that a visitor wrote, and writes it down only when it is confirmed', async () => {
    const list = await doubleList();
    const lure = 'You won http://evil.example';
    const profile = {
      data: { type: 'profile', attributes: { email: ana, first_name: lure, properties: { a: lure } } },
    };
    const body = {
      data: {
        type: 'subscription',
        attributes: { custom_source: lure, profile },
        relationships: { list: { data: { type: 'list', id: list } } },
      },
    };
    expect((await stage.send('POST', '/client/subscriptions?company_id=Bean01', { key: null, body })).status).toBe(202);
    await stage.settle();
    const [mail] = await mails();
    expect(JSON.stringify({ ...mail, why: '' })).not.toMatch(/evil|won/);
    expect(await people()).toEqual([]);
    await open(linkIn(mail?.text), 'POST');
    await stage.settle();
    expect(await people()).toMatchObject([{ email: ana, first_name: lure }]);
  });
});
