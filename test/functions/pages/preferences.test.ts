// The page on which people choose what they get.
import { describe, expect, it } from 'vitest';
import { answer } from '../../../functions/pages/answer.ts';
import { suppressEmail } from '../../../shared/domain/consent/index.ts';
import { createList } from '../../../shared/domain/consent/lists.ts';
import { addToList, listIdsOf } from '../../../shared/domain/consent/membership.ts';
import { grant, withdraw } from '../../../shared/domain/consent/words.ts';
import { readContact, updateProfile } from '../../../shared/domain/identity/index.ts';
import { signLink } from '../../../shared/domain/messaging/index.ts';
import type { EventItem } from '../../../shared/storage/items.ts';
import { identifierKey, profileKey } from '../../../shared/storage/patterns.ts';
import { account, address, setting } from '../../domain/messaging/setting.ts';

const number = '+12025550147';

async function arrived() {
  const made = await setting('<p>{% manage_preferences %}</p>');
  const { ports, profile, clock, mail } = made;
  const list = async (name: string) => (await createList(ports, account, { name, optIn: 'single_opt_in' })).id;
  const [news, other] = [await list('News <b>'), await list('Other')];
  await addToList(ports, account, news, [profile]);
  clock.advance(60_000);
  await made.send(await made.queue());
  const path = new URL(/href="([^"]+)"/.exec(mail.inbox[0]!.html)![1]!).pathname;
  clock.advance(60_000);
  const ask = (method: string, body?: readonly (readonly [string, string])[], at = path) =>
    answer(ports, {
      ...{ method, path: at, query: '', headers: {} },
      ...(body && {
        body: new URLSearchParams(body.map(([name, value]): [string, string] => [name, value])).toString(),
      }),
    });
  const contact = async () => (await readContact(ports, account, { kind: 'email', value: address })).item;
  const lists = () => listIdsOf(ports, account, profile);
  const texted = async (method: 'given' | 'withdrawn') => {
    await updateProfile(ports, account, profile, { identifiers: { phone_number: number }, attributes: {} });
    if (method === 'given') return;
    await withdraw(ports, account, { kind: 'sms', of: number, at: clock.now(), how: { method: 'API' } });
    clock.advance(1000);
  };
  const consents = async () => (await ports.store.get(profileKey(account, profile)))?.consents;
  return { ...made, news, other, path, ask, contact, lists, texted, consents };
}

const boxes = (body = '') =>
  [...body.matchAll(/<input type="checkbox" name="on" value="([^"]+)"( checked)?>([^<]+)</g)].map(
    ([, value, checked, name]) => [value, checked !== undefined, name],
  );

describe('the preferences page', () => {
  it('shows what the person is on, and changes nothing when it is looked at', async () => {
    const { ask, news, store } = await arrived();
    const before = JSON.stringify(store.dump());
    const { status, body } = await ask('GET');
    expect(status).toBe(200);
    expect(boxes(body)).toEqual([
      ['email', true, 'Email'],
      [`list ${news}`, true, 'News &lt;b&gt;'],
    ]);
    expect((await ask('HEAD')).status).toBe(200);
    expect(JSON.stringify(store.dump()) === before).toBe(true);
  });

  it('takes the person off a list alone, and back on it', async () => {
    const { ask, news, lists, contact, clock } = await arrived();
    const was = [['was', 'email'], ['was', `list ${news}`], ['on', 'email']] as const; // prettier-ignore
    const left = await ask('POST', was);
    expect(left.body).toContain('<p role="status">Your preferences are saved.</p>');
    expect(boxes(left.body).map(([, on]) => on)).toEqual([true, false]);
    expect(await lists()).toEqual([]);
    expect(await contact()).toMatchObject({ list_suppressions: [{ list: news }], suppressions: [] });
    clock.advance(60_000);
    await ask('POST', [['was', 'email'], ['was-not', `list ${news}`], ['on', 'email'], ['on', `list ${news}`]]); // prettier-ignore
    expect(await lists()).toEqual([news]);
    expect((await contact())?.list_suppressions ?? []).toEqual([]);
    expect((await contact())?.consents?.email).toMatchObject({ state: 'SUBSCRIBED', method: 'PREFERENCE_PAGE' });
  });

  it('withdraws email as the way out does, and gives it again', async () => {
    const { ask, consents, store, clock } = await arrived();
    const told = () =>
      store
        .dump()
        .filter((item): item is EventItem => item.kind === 'event')
        .map(({ metric_name: metric }) => metric)
        .toSorted();
    const out = await ask('POST', [['was', 'email']]);
    expect(boxes(out.body)[0]).toEqual(['email', false, 'Email']);
    expect((await consents())?.email).toMatchObject({ state: 'UNSUBSCRIBED', method: 'PREFERENCE_PAGE' });
    expect(told()).toContain('Unsubscribed');
    const after = JSON.stringify(store.dump());
    await ask('POST', [['was', 'email']]);
    expect(JSON.stringify(store.dump()) === after).toBe(true);
    clock.advance(60_000);
    await ask('POST', [['was-not', 'email'], ['on', 'email']]); // prettier-ignore
    expect((await consents())?.email).toMatchObject({ state: 'SUBSCRIBED', method: 'PREFERENCE_PAGE' });
    expect(told()).toContain('Subscribed to Email Marketing');
  });

  it('leaves alone what was changed elsewhere since it was shown', async () => {
    const { ask, other, lists, news, ports, profile, consents, clock } = await arrived();
    await addToList(ports, account, other, [profile]);
    await withdraw(ports, account, { kind: 'email', of: address, at: clock.now(), how: { method: 'API' } });
    clock.advance(60_000);
    await ask('POST', [['was', 'email'], ['was', `list ${news}`], ['on', 'email']]); // prettier-ignore
    expect(await lists()).toEqual([other]);
    expect((await consents())?.email?.state).toBe('UNSUBSCRIBED');
  });

  it('puts nobody on a list that it did not show, nor on one without email', async () => {
    const { ask, other, news, lists, contact } = await arrived();
    const forged = ['on', `list ${other}`] as const;
    await ask('POST', [['was', 'email'], ['on', 'email'], ['was-not', `list ${other}`], forged]); // prettier-ignore
    expect(await lists()).toEqual([news]);
    await ask('POST', [['was', 'email'], ['was', `list ${news}`]]); // prettier-ignore
    await ask('POST', [['was-not', 'email'], ['was-not', `list ${news}`], ['on', `list ${news}`]]); // prettier-ignore
    expect(await lists()).toEqual([]);
    expect((await contact())?.consents?.email?.state).toBe('UNSUBSCRIBED');
  });

  it('offers text messages to those with a number, and to no one anew where an age is asked', async () => {
    const { ask, texted, consents, ports, owner, clock } = await arrived();
    await texted('given');
    expect(boxes((await ask('GET')).body)[1]).toEqual(['sms', false, 'Text messages']);
    await ask('POST', [['was', 'email'], ['on', 'email'], ['was-not', 'sms'], ['on', 'sms']]); // prettier-ignore
    expect((await consents())?.sms?.state).toBe('SUBSCRIBED');
    clock.advance(1000);
    await ask('POST', [['was', 'email'], ['on', 'email'], ['was', 'sms']]); // prettier-ignore
    expect((await consents())?.sms?.state).toBe('UNSUBSCRIBED');
    const { pk, sk } = owner;
    await ports.store.write({ update: { pk, sk }, set: { sms_minimum_age: 21 } });
    clock.advance(120_000);
    expect(boxes((await ask('GET')).body).map(([what]) => what)).not.toContain('sms');
  });

  it('works although the person and the message are gone', async () => {
    const { ask, ports, profile, contact } = await arrived();
    await ports.store.write({ remove: profileKey(account, profile) });
    await ports.store.write({ remove: identifierKey(account, 'email', address) });
    expect(boxes((await ask('GET')).body)).toEqual([['email', true, 'Email']]);
    expect((await ask('POST', [['was', 'email']])).status).toBe(200);
    expect((await contact())?.suppressions).toMatchObject([{ reason: 'UNSUBSCRIBE' }]);
  });

  it('does not lift a bounce, and says so by an empty box', async () => {
    const { ask, ports, clock } = await arrived();
    await suppressEmail(ports, account, { address, reason: 'HARD_BOUNCE', at: clock.now(), how: { method: 'API' } });
    clock.advance(1000);
    const tried = await ask('POST', [['was-not', 'email'], ['on', 'email']]); // prettier-ignore
    expect(boxes(tried.body)[0]).toEqual(['email', false, 'Email']);
  });

  it('shows no address, and keeps itself out of indexes, caches, referrers and frames', async () => {
    const { ask, texted } = await arrived();
    await texted('given');
    for (const method of ['GET', 'POST']) {
      const { body, headers } = await ask(method);
      expect(body).not.toMatch(/people\.example|5550147|<script|href=|src=/);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
      });
      expect(headers['content-security-policy']).toContain(
        "default-src 'none'; style-src 'unsafe-inline'; form-action",
      );
    }
  });

  it('is not there for links that were changed or are of another kind, whatever they ask', async () => {
    const { ask, path, owner, profile, store } = await arrived();
    const before = JSON.stringify(store.dump());
    const whole = { profile, message: 'm', address };
    const bad = [
      ...[path.slice(0, -1), `${path}A`, path.replace('AbC123', 'XyZ789'), '/p/preferences/'],
      `/p/preferences/${signLink(owner.secret, 'unsubscribe', account, whole)}`,
      `/p/preferences/${signLink('another', 'preferences', account, whole)}`,
    ];
    for (const at of bad)
      for (const method of ['GET', 'POST']) {
        expect((await ask(method, [['was', 'email']], at)).status).toBe(404); // prettier-ignore
      }
    expect(JSON.stringify(store.dump()) === before).toBe(true);
  });

  it('takes whatever a form may hold', async () => {
    const { ask } = await arrived();
    const odd = [['on', '__proto__'], ['was', 'list '], ['was-not', 'list ../x'], ['on', 'list ../x'], ['\u0000', '%']]; // prettier-ignore
    expect((await ask('POST', odd as [string, string][])).status).toBe(200);
  });

  it('shows lists that the address subscribed to and is not on', async () => {
    const { ask, ports, clock, other } = await arrived();
    await grant(ports, account, { kind: 'email', of: address, at: clock.now(), how: { method: 'API' }, list: other });
    expect(boxes((await ask('GET')).body)).toContainEqual([`list ${other}`, false, 'Other']);
  });
});
