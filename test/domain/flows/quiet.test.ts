// Texts in quiet hours: the person waits before them and is asked everything anew in the morning (behaviour 5.6).
import { describe, expect, test } from 'vitest';
import { grant, withdraw } from '../../../shared/domain/consent/words.ts';
import { upsertProfile } from '../../../shared/domain/identity/index.ts';
import { hour, sortable } from '../../../shared/kernel/time.ts';
import { act, definition, email } from './building.ts';
import { account, openShop } from './world.ts';

const ana = 'ana@shop.test-mail.org';
const phone = '+12125550123';

/** Someone in New York who ordered at ten in the evening there; first a text, then an email. */
async function atNight(message: object = {}, consents = true) {
  const shop = await openShop();
  const text = {
    ...{ id: 'm', name: null, smart_sending_enabled: true, additional_filters: null, body: 'Hi' },
    ...{ sms_quiet_hours_enabled: true, add_org_prefix: true, add_opt_out_language: false, shorten_links: true },
    ...{ transactional: false, ...message },
  };
  await shop.flow(definition([act('send-sms', 'sms', 'mail', { status: 'live', message: text }), email('mail', null)]));
  const identifiers = { email: ana, phone_number: phone };
  await upsertProfile(shop.ports, account, { identifiers, attributes: {} });
  const say = (how: typeof grant) =>
    how(shop.ports, account, { kind: 'sms', of: phone, at: shop.clock.now(), how: { method: 'API' } });
  if (consents) await say(grant);
  shop.clock.advance(3 * hour);
  await shop.order(ana);
  await shop.settle();
  const actions = () =>
    shop
      .messages()
      .map(({ action }) => action)
      .toSorted();
  return { ...shop, say, actions };
}

describe('a text at night', () => {
  test('is not made, and nobody walks on, until quiet hours end', async () => {
    const { actions, pass, enrolments, clock } = await atNight();
    expect(actions()).toEqual([]);
    const due = sortable(Date.UTC(2026, 0, 1, 13));
    expect(enrolments()).toMatchObject([{ status: 'active', due }]);
    await pass(Date.UTC(2026, 0, 1, 13) - clock.now() - 1);
    expect(actions()).toEqual([]);
    await pass(hour);
    expect(actions()).toEqual(['mail', 'sms']);
    expect(enrolments()).toMatchObject([{ status: 'finished' }]);
  });

  test('holds nobody up whose text is transactional, or asks for no quiet, or who does not get it anyway', async () => {
    for (const message of [{ transactional: true }, { sms_quiet_hours_enabled: false }]) {
      expect((await atNight(message)).actions()).toEqual(['mail', 'sms']);
    }
    expect((await atNight({}, false)).actions()).toEqual(['mail', 'sms']);
  });

  test('is decided on in the morning by what holds then', async () => {
    const { say, pass, messages, clock } = await atNight();
    clock.advance(hour);
    await say(withdraw);
    await pass(10 * hour);
    // Made, for the gate to skip: it knows the reason.
    expect(messages().find(({ action }) => action === 'sms')).toMatchObject({ status: 'QUEUED' });
  });
});
