import { describe, expect, it } from 'vitest';
import { answer } from '../../../functions/pages/answer.ts';
import { readContact } from '../../../shared/domain/identity/index.ts';
import { grantEmail } from '../../support/grant-email.ts';
import { identifierKey, profileKey } from '../../../shared/storage/patterns.ts';
import { account, address, setting } from '../../domain/messaging/setting.ts';

async function arrived() {
  const made = await setting();
  await grantEmail(made.ports, account, { address, at: made.clock.now(), how: { method: 'API' } });
  made.clock.advance(60_000);
  await made.send(await made.queue());
  const url = made.mail.inbox[0]!.headers['List-Unsubscribe']!.slice(1, -1);
  const path = new URL(url).pathname;
  const ask = (method: string, at = path, body?: string) =>
    answer(made.ports, { method, path: at, query: '', headers: {}, ...(body !== undefined && { body }) });
  const consent = async () => (await made.store.get(profileKey(account, made.profile)))?.consents?.email;
  return { ...made, path, ask, consent };
}

describe('the language of a page', () => {
  it.each([
    [undefined, 'en', 'Unsubscribe'],
    ['', 'en', 'Unsubscribe'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de', 'Abmelden'],
    ['nl, fr-CA;q=0.7, en;q=0.5', 'fr', 'Se désabonner'],
    ['en;q=0.1, es', 'es', 'Cancelar la suscripción'],
    ['tlh', 'en', 'Unsubscribe'],
    [';;q=,,*;q=x', 'en', 'Unsubscribe'],
  ])('is what the browser asks for: %s', async (asked, language, title) => {
    const { ports, path } = await arrived();
    const headers = asked === undefined ? {} : { 'accept-language': asked };
    const { body = '' } = await answer(ports, { method: 'GET', path, query: '', headers });
    expect(body).toContain(`<html lang="${language}">`);
    expect(body).toContain(`<h1>${title}</h1>`);
    // Who sends it is named in every language.
    expect(body).toContain('Shop &amp; Co');
    const nowhere = await answer(ports, { method: 'GET', path: '/p/unsubscribe/x', query: '', headers });
    expect(nowhere.status).toBe(404);
    expect(nowhere.body).toContain(`<html lang="${language}">`);
  });
});

describe('the unsubscribe page', () => {
  it('asks on GET and changes nothing', async () => {
    const { ask, consent } = await arrived();
    const { status, body = '' } = await ask('GET');
    expect(status).toBe(200);
    expect(body).toContain('<form method="post"><button type="submit">Unsubscribe</button></form>');
    expect(body).toContain('Shop &amp; Co');
    expect((await consent())?.state).toBe('SUBSCRIBED');
    expect((await ask('HEAD')).status).toBe(200);
    expect((await consent())?.state).toBe('SUBSCRIBED');
  });

  it('acts on POST, as often as it comes', async () => {
    const { ask, consent, store } = await arrived();
    expect((await ask('POST')).body).toContain('You are unsubscribed');
    expect(await consent()).toMatchObject({ state: 'UNSUBSCRIBED', method: 'PREFERENCE_PAGE' });
    const after = JSON.stringify(store.dump());
    expect((await ask('POST')).status).toBe(200);
    expect(JSON.stringify(store.dump())).toBe(after);
  });

  it('acts on the one click of a mailbox provider, which has neither cookies nor a second try', async () => {
    const { ask, consent } = await arrived();
    expect((await ask('POST', undefined, 'List-Unsubscribe=One-Click')).status).toBe(200);
    expect(await consent()).toMatchObject({ state: 'UNSUBSCRIBED', method: 'ONE_CLICK_UNSUBSCRIBE' });
  });

  it('acts although the person and the message are gone: the address stays suppressed', async () => {
    const { ask, ports, profile } = await arrived();
    await ports.store.write({ remove: profileKey(account, profile) });
    await ports.store.write({ remove: identifierKey(account, 'email', address) });
    expect((await ask('POST')).status).toBe(200);
    expect((await readContact(ports, account, { kind: 'email', value: address })).item?.suppressions).toMatchObject([
      { reason: 'UNSUBSCRIBE' },
    ]);
  });

  it('shows no address and keeps itself out of indexes, caches, referrers and frames', async () => {
    const { ask } = await arrived();
    for (const method of ['GET', 'POST']) {
      const { body, headers } = await ask(method);
      expect(body).not.toContain('people.example');
      expect(body).not.toMatch(/<script|href=|src=/);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
      });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      );
    }
  });

  it('is not there for links that were changed, cut off, or made for another account', async () => {
    const { ask, path, consent } = await arrived();
    const paths = [
      path.slice(0, -1),
      `${path}A`,
      path.replace('AbC123', 'XyZ789'),
      path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      '/p/unsubscribe/',
      '/p/unsubscribe/x',
      '/p/unsubscribe/__proto__',
      `${path}/more`,
      '/p/nothing',
    ];
    for (const at of paths) {
      for (const method of ['GET', 'POST']) {
        const { status, body } = await ask(method, at);
        expect(status).toBe(404);
        expect(body).not.toContain('XyZ789');
      }
    }
    expect((await consent())?.state).toBe('SUBSCRIBED');
  });

  it('takes no other methods, and previews say what they are', async () => {
    const { ask } = await arrived();
    expect((await ask('DELETE')).status).toBe(405);
    expect((await ask('GET', '/p/preview')).body).toContain('This is a preview');
  });
});
