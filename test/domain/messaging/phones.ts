// A person with a number and devices, and texts and push messages that can be sent to it.
import { changeAccount } from '../../../shared/domain/account/index.ts';
import { grant } from '../../../shared/domain/consent/words.ts';
import { registerPushToken, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { type PushContent, type SmsContent, deliver, queueMessage } from '../../../shared/domain/messaging/index.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { Channel, ConsentKind, MessageItem, PushTokenItem } from '../../../shared/storage/items.ts';
import { messageKey } from '../../../shared/storage/patterns.ts';
import { account, setting } from './setting.ts';

export const number = '+12125550123';
export const sms: SmsContent = {
  channel: 'sms',
  body: 'Hi {{ first_name }} & {{ person.email }}',
  smartSending: true,
  transactional: false,
  quietHours: false,
  orgPrefix: true,
  optOutLanguage: true,
};
export const push: PushContent = {
  channel: 'push',
  title: 'Hi {{ first_name }}',
  body: 'Back soon?',
  data: { link: 'shop://{{ person.id }}' },
  smartSending: true,
  transactional: false,
};

/** A person with this number (none: ''), consent and devices as the test says. */
export async function stage(phone = number) {
  const world = await setting();
  const { ports } = world;
  await changeAccount(ports, account, { smsSenders: { '*': '+12015550100' }, pushApplications: { ios: 'app/ios' } });
  const { profile } = await upsertProfile(ports, account, {
    identifiers: { external_id: 'x', ...(phone !== '' && { phone_number: phone }) },
    attributes: { first_name: 'Bo' },
  });
  const of = profile.id;
  const say = (kind: ConsentKind, how: typeof grant = grant) =>
    how(ports, account, { kind, of: kind === 'push' ? of : phone, at: ports.clock.now(), how: { method: 'API' } });
  const device = (token: string, change: Partial<PushTokenItem> = {}) =>
    registerPushToken(
      ports,
      account,
      {
        ...{ token, platform: 'ios', vendor: 'apns', enablement_status: 'AUTHORIZED', background: 'AVAILABLE' },
        ...(change as object),
      },
      { profile: { identifiers: { external_id: 'x' }, attributes: {} }, rule: 'leave' },
    );
  let visit = 0;
  const queue = async (channel: Channel, profile = of) => {
    const enrolment = { id: 'e', profile, flow: 'F', visit: (visit += 1) };
    const write = queueMessage(ports, account, { enrolment, action: 'a', channel });
    await ports.store.write(write);
    return (write.put as MessageItem).id;
  };
  const read = async (message: string, profile = of) => (await ports.store.get(messageKey(account, profile, message)))!;
  const deliverThrough = (message: string, content: SmsContent | PushContent, through: Ports) =>
    deliver(through, { account, profile: of, message }, async () => content);
  const send = async (content: SmsContent | PushContent, through: Ports = ports) => {
    const message = await queue(content.channel);
    await deliverThrough(message, content, through);
    return read(message);
  };
  const sendTo = async (profile: string, content: SmsContent | PushContent) => {
    const message = await queue(content.channel, profile);
    await deliver(ports, { account, profile, message }, async () => content);
    return read(message, profile);
  };
  return { ...world, of, sendTo, say, device, queue, read, send, deliver: deliverThrough };
}
