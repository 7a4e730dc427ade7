// SMS and push through gate, claim and hand-over.
import { describe, expect, it } from 'vitest';
import { changeAccount } from '../../../shared/domain/account/index.ts';
import { withdraw } from '../../../shared/domain/consent/words.ts';
import { contactKeyOf, updateProfile, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { deliver, queueMessage } from '../../../shared/domain/messaging/index.ts';
import { hour, minute, sortable } from '../../../shared/kernel/time.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { MessageItem } from '../../../shared/storage/items.ts';
import { lastSentKey, lastTextKey } from '../../../shared/storage/patterns.ts';
import { number, push, sms, stage } from './phones.ts';
import { account } from './setting.ts';

const ended = ({ status, reason }: MessageItem) => reason ?? status;

describe('an SMS', () => {
  it('needs consent, carries prefix and way out, counts its segments and starts its own window', async () => {
    const { send, say, sms: provider, store, of, clock, ports } = await stage();
    expect(ended(await send(sms))).toBe('Missing SMS Consent');
    await say('sms');
    const item = await send(sms);
    expect(item).toMatchObject({ status: 'SENT', address: number, segments: 1, channel: 'sms' });
    expect(provider.inbox).toMatchObject([
      {
        ...{ from: '+12015550100', to: number, transactional: false },
        body: 'Shop & Co: Hi Bo &\nReply STOP to opt out.',
        tags: { account, profile: of, message: item.id },
      },
    ]);
    const contact = await contactKeyOf(ports, account, { kind: 'phone_number', value: number });
    expect(await store.get(lastTextKey(contact))).toMatchObject({ window_hours: 24 });
    expect(await store.get(lastSentKey(account, of, 'email'))).toBeUndefined();
    expect(ended(await send(sms))).toBe('Smart Sending');
    expect(ended(await send({ ...sms, transactional: true }))).toBe('SENT');
    clock.advance(24 * hour);
    expect(ended(await send(sms))).toBe('SENT');
  });

  it('knows its window by the number, whosever that is by then', async () => {
    const { send, sendTo, say, ports, of, clock } = await stage();
    await say('sms');
    expect(ended(await send(sms))).toBe('SENT');
    await updateProfile(ports, account, of, { identifiers: { phone_number: null }, attributes: {} });
    const { profile: heir } = await upsertProfile(ports, account, {
      identifiers: { external_id: 'heir', phone_number: number },
      attributes: {},
    });
    await say('sms');
    expect(ended(await sendTo(heir.id, sms))).toBe('Smart Sending');
    expect(ended(await sendTo(heir.id, { ...sms, smartSending: false }))).toBe('SENT');
    clock.advance(24 * hour);
    expect(ended(await sendTo(heir.id, sms))).toBe('SENT');
  });

  it('goes to whoever agreed to transactional messages alone only when it is one', async () => {
    const { send, say } = await stage();
    await say('sms_transactional');
    expect(ended(await send(sms))).toBe('Missing SMS Consent');
    expect(ended(await send({ ...sms, transactional: true }))).toBe('SENT');
    await say('sms_transactional', withdraw);
    expect(ended(await send({ ...sms, transactional: true }))).toBe('Missing SMS Consent');
  });

  it('waits through quiet hours, and is decided on anew at their end', async () => {
    const { send, say, read, clock, ports, of, store } = await stage();
    await say('sms');
    clock.advance(Date.UTC(2026, 0, 2, 3) - clock.now());
    const held = await send({ ...sms, quietHours: true });
    // 22:00 in New York; quiet until 08:00 there.
    expect(held).toMatchObject({ status: 'QUEUED', due: sortable(Date.UTC(2026, 0, 2, 13)) });
    const due = store.dump().find((one) => one.kind === 'due') as unknown as { at: string; message: string };
    expect(due.at).toBe(held.due);
    expect(JSON.parse(due.message)).toEqual({ type: 'deliver', account, profile: of, message: held.id });
    expect(ended(await send({ ...sms, quietHours: true, transactional: true }))).toBe('SENT');
    await say('sms', withdraw);
    clock.advance(10 * hour);
    await deliver(ports, { account, profile: of, message: held.id }, async () => ({ ...sms, quietHours: true }));
    expect(ended(await read(held.id))).toBe('Missing SMS Consent');
  });

  it('tells why it does not go', async () => {
    const { send, say, ports } = await stage();
    await say('sms');
    expect(ended(await send({ ...sms, body: '{% if %}' }))).toBe('Unable to Send');
    await changeAccount(ports, account, { smsSenders: { GB: '+447700900000' } });
    expect(ended(await send(sms))).toBe('No Sending Number');
    expect(ended(await (await stage('')).send(sms))).toBe('Missing/Invalid Phone');
    const cuba = await stage('+5352345678');
    await cuba.say('sms');
    expect(ended(await cuba.send(sms))).toBe('Country Not Supported');
    await changeAccount(cuba.ports, account, { smsSenders: { CU: '+15550100' } });
    expect(ended(await cuba.send(sms))).toBe('SENT');
  });

  it('is not sent when consent goes between decision and claim', async () => {
    const { send, say, ports, sms: provider } = await stage();
    await say('sms');
    let once = true;
    const store: Ports['store'] = {
      ...ports.store,
      async transact(actions) {
        if (once) {
          once = false;
          await say('sms', withdraw);
        }
        return ports.store.transact(actions);
      },
    };
    expect(ended(await send(sms, { ...ports, store }))).toBe('Missing SMS Consent');
    expect(provider.inbox).toEqual([]);
  });

  it('is queued again when the provider has no room, and its window is as before', async () => {
    const { send, say, sms: provider, store, of, clock } = await stage();
    await say('sms');
    provider.fail(number, 'postpone');
    expect((await send(sms)).status).toBe('QUEUED');
    expect(await store.get(lastSentKey(account, of, 'sms'))).toBeUndefined();
    provider.fail(number, 'lose');
    clock.advance(minute);
    expect((await send(sms)).status).toBe('CLAIMED');
    provider.fail(number, 'refuse');
    clock.advance(minute);
    expect((await send({ ...sms, smartSending: false })).status).toBe('FAILED');
  });
});

describe('a push message', () => {
  it('needs consent and an enabled device, and goes to all that are enabled', async () => {
    const { send, say, device, push: provider, of } = await stage();
    expect(ended(await send(push))).toBe('Missing Push Consent');
    await say('push');
    expect(ended(await send(push))).toBe('Missing Push Token');
    await device('t-denied', { enablement_status: 'DENIED' });
    expect(ended(await send(push))).toBe('Missing Push Token');
    await device('t-android', { platform: 'android', vendor: 'fcm' });
    expect(ended(await send(push))).toBe('No Push Application');
    await device('t1');
    await device('t2', { enablement_status: 'PROVISIONAL' });
    expect(ended(await send(push))).toBe('SENT');
    expect(provider.inbox).toMatchObject([
      {
        devices: ['t1', 't2'].map((token) => ({ token, platform: 'ios', application: 'app/ios' })),
        ...{ title: 'Hi Bo', body: 'Back soon?', data: { link: `shop://${of}` } },
      },
    ]);
    expect(ended(await send(push))).toBe('Smart Sending');
  });
});

it('a campaign makes one message for a person, whatever variation is chosen', async () => {
  const { ports, of } = await stage();
  const one = (campaignMessage: string) =>
    queueMessage(ports, account, { campaign: 'C1', campaignMessage, profile: of, channel: 'sms' });
  await ports.store.write(one('m1'));
  await expect(ports.store.write(one('m2'))).rejects.toThrow();
  expect(one('m1').put).toMatchObject({ channel: 'sms', campaign: 'C1', campaign_message: 'm1', status: 'QUEUED' });
});
