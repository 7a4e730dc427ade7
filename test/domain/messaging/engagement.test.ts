// What becomes of messages, as events of their people (behaviour 2.4): which, with what in them, and each once.
import { describe, expect, it } from 'vitest';
import { engagementMetrics, finishMerge, measuresMessages } from '../../../shared/domain/events/index.ts';
import { mergeProfiles } from '../../../shared/domain/identity/merge.ts';
import { type Content, deliver, queueMessage, takeFeedback } from '../../../shared/domain/messaging/index.ts';
import { minute, sortable } from '../../../shared/kernel/time.ts';
import type { Item } from '../../../shared/storage/store.ts';
import type { EventItem, MessageItem } from '../../../shared/storage/items.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { push, sms, stage } from './phones.ts';
import { account, address, setting } from './setting.ts';

const eventsIn = (items: readonly Item[]) =>
  items
    .filter((item): item is EventItem => item.kind === 'event')
    .map(({ profile, metric_name, metric_service, at, body = '{}' }) => ({
      ...{ profile, metric: metric_name, service: metric_service, at },
      properties: JSON.parse(body) as Record<string, unknown>,
    }));

/** A person with an email that went out a minute ago. */
async function emailed() {
  const world = await setting();
  const message = await world.queue();
  await world.send(message, { message: { id: 'Msg001', name: 'Welcome' } });
  world.clock.advance(minute);
  const report = (eventType: string, detail: object = {}) =>
    takeFeedback(world.ports, {
      Type: 'Notification',
      Message: JSON.stringify({
        eventType,
        ...detail,
        mail: { messageId: 'ses', tags: { account: [account], profile: [world.profile], message: [message] } },
      }),
    });
  const events = () => eventsIn(world.store.dump()).filter(({ service }) => service === 'klaviyo');
  const engagements = () => events().filter(({ metric = '' }) => /Email$|Spam$/.test(metric));
  return { ...world, message, report, engagements };
}

describe('of an email', () => {
  const told = { $message: 'Msg001', $flow: 'Flow01', $flow_channel: 'email', 'Campaign Name': 'Welcome' };
  const base = { ...told, Subject: 'Hello Ann', 'Email Domain': 'people.example' };

  it.each([
    ['Delivery', { delivery: {} }, 'Received Email', {}],
    ['Bounce', { bounce: { bounceType: 'Permanent' } }, 'Bounced Email', { 'Bounce Type': 'Hard' }],
    ['Bounce', { bounce: { bounceType: 'Transient' } }, 'Bounced Email', { 'Bounce Type': 'Soft' }],
    ['Complaint', { complaint: {} }, 'Marked Email as Spam', {}],
    ['Reject', {}, 'Dropped Email', { 'Failure Type': 'Rejected by the provider' }],
    ['Rendering Failure', {}, 'Dropped Email', { 'Failure Type': 'Not rendered by the provider' }],
  ])('%s is told of once, however often it is reported: %o', async (type, detail, metric, more) => {
    const { report, engagements, profile, clock, store } = await emailed();
    const at = sortable(clock.now());
    // Reports tell when it happened.
    const dated = Object.fromEntries(Object.entries(detail).map(([name, one]) => [name, { ...one, timestamp: at }]));
    await report(type, dated);
    expect(engagements()).toEqual([{ profile, metric, service: 'klaviyo', at, properties: { ...base, ...more } }]);
    clock.advance(minute);
    const before = JSON.stringify(store.dump());
    await report(type, dated);
    expect(JSON.stringify(store.dump()) === before).toBe(true);
  });

  it('the provider says no, and it is dropped', async () => {
    const { queue, send, mail, store } = await setting();
    mail.fail(address, 'refuse');
    await send(await queue());
    expect(eventsIn(store.dump()).map(({ metric }) => metric)).toEqual(['Dropped Email']);
  });

  it('that was sent and is merely on its way nothing is told', async () => {
    const { report, engagements } = await emailed();
    await report('Send');
    await report('DeliveryDelay');
    expect(engagements()).toEqual([]);
  });

  it('a report that comes after a merge is told of the person as it is now, one that comes twice still once', async () => {
    const { report, engagements, ports, profile, person } = await emailed();
    const other = await person(null);
    await report('Delivery', { delivery: {} });
    await mergeProfiles(ports, account, { source: profile, destination: other });
    await finishMerge(ports, account, profile);
    await report('Delivery', { delivery: {} });
    await report('Complaint', { complaint: {} });
    expect(
      engagements()
        .map(({ profile: of, metric }) => `${of} ${metric}`)
        .toSorted(),
    ).toEqual([`${other} Marked Email as Spam`, `${other} Received Email`]);
  });

  it('nothing is told of who is gone', async () => {
    const { report, engagements, ports, profile } = await emailed();
    await ports.store.write({ remove: profileKey(account, profile) });
    await report('Delivery', { delivery: {} });
    expect(engagements()).toEqual([]);
  });
});

/** A text that went out, with its reports. */
async function texted() {
  const world = await stage();
  await world.say('sms');
  const { id } = await world.send({ ...sms, message: { id: 'Msg002', name: 'Sale' } });
  const report = (eventType: string) =>
    takeFeedback(world.ports, {
      Type: 'Notification',
      Message: JSON.stringify({
        eventType,
        ...{ eventTimestamp: world.clock.now(), messageId: 'aws', isFinal: true },
        context: { account, profile: world.of, message: id },
      }),
    });
  const engagements = () => eventsIn(world.store.dump()).filter(({ metric = '' }) => / SMS$/.test(metric));
  return { ...world, id, report, engagements };
}

describe('of a text', () => {
  const base = {
    ...{ $message: 'Msg002', $flow: 'F', $flow_channel: 'sms', 'Message Name': 'Sale', 'Message Type': 'flow' },
    ...{ 'Message Format': 'SMS', 'Segment Count': 1, 'From Number': '+12015550100', 'From Phone Region': 'US' },
    ...{ 'To Number': '+12125550123', 'To Phone Region': 'US' },
  };

  it.each(['TEXT_DELIVERED', 'TEXT_SUCCESSFUL'])('%s is its receipt, once', async (type) => {
    const { report, engagements, of } = await texted();
    await report('TEXT_SENT');
    expect(engagements()).toEqual([]);
    await report(type);
    await report('TEXT_DELIVERED');
    expect(engagements()).toMatchObject([{ profile: of, metric: 'Received SMS', properties: base }]);
  });

  it.each([
    ['TEXT_UNREACHABLE', 'Unreachable'],
    ['TEXT_CARRIER_BLOCKED', 'Blocked by the carrier'],
    ['TEXT_TTL_EXPIRED', 'Not delivered in time'],
  ])('%s is a failure, once', async (type, reason) => {
    const { report, engagements, id, read } = await texted();
    await report(type);
    await report(type);
    expect(await read(id)).toMatchObject({ status: 'FAILED', reason });
    const properties = { ...base, 'Failure Type': reason };
    expect(engagements()).toMatchObject([{ metric: 'Failed to Deliver SMS', properties }]);
  });

  it('a lost answer is resolved by the report', async () => {
    const world = await stage();
    await world.say('sms');
    world.sms.fail('+12125550123', 'lose');
    const item = await world.send(sms);
    expect(item.status).toBe('CLAIMED');
    const context = { account, profile: world.of, message: item.id };
    await takeFeedback(world.ports, { eventType: 'TEXT_DELIVERED', messageId: 'aws-1', context });
    expect(await world.read(item.id)).toMatchObject({ status: 'SENT', provider_id: 'aws-1' });
  });

  it('reports of what is no text of ours change nothing', async () => {
    const { ports, store, of } = await texted();
    const before = JSON.stringify(store.dump());
    const report = { eventType: 'TEXT_BLOCKED', messageId: 'aws' };
    await takeFeedback(ports, { ...report, context: { account, profile: of, message: 'other' } });
    await takeFeedback(ports, { ...report, context: { account: 'XyZ789', profile: of, message: 'other' } });
    await takeFeedback(ports, { ...report, context: {} });
    await takeFeedback(ports, { ...report, eventType: 'TEXT_OTHER', context: { account, profile: of, message: 'm' } });
    expect(JSON.stringify(store.dump()) === before).toBe(true);
  });
});

describe('of a push message', () => {
  it('the provider takes it, and it is received; tokens that are dead are forgotten', async () => {
    const { send, say, device, push: provider, store, of } = await stage();
    await say('push');
    await device('one');
    await device('two');
    provider.kill('two');
    await send({ ...push, message: { id: 'Msg003', name: 'Back' } });
    expect(eventsIn(store.dump())).toMatchObject([
      {
        ...{ profile: of, metric: 'Received Push' },
        properties: { $message: 'Msg003', $flow_channel: 'mobile_push', 'Message Name': 'Back', Title: 'Hi Bo' },
      },
    ]);
    expect(provider.inbox[0]!.devices.map(({ token }) => token)).toEqual(['one']);
    const tokens = store.dump().filter(({ kind }) => kind === 'push-token' || kind === 'push-token-claim');
    expect(JSON.stringify(tokens)).not.toContain('two');
    expect(tokens).toHaveLength(2);
  });

  it('nobody takes it, and it is bounced: the next one finds no token', async () => {
    const { send, say, device, push: provider, store } = await stage();
    await say('push');
    await device('one');
    provider.kill('one');
    expect(await send(push)).toMatchObject({ status: 'FAILED' });
    expect(eventsIn(store.dump()).map(({ metric }) => metric)).toEqual(['Bounced Push']);
    expect(await send(push)).toMatchObject({ status: 'SKIPPED', reason: 'Missing Push Token' });
  });
});

describe('a message of a campaign', () => {
  it('names its campaign', async () => {
    const { ports, store, profile, content } = await setting();
    const source = { campaign: 'Camp01', campaignMessage: 'Msg004', run: 'r', recipient: 'x', profile };
    const write = queueMessage(ports, account, source);
    await ports.store.write(write);
    const { id } = write.put as MessageItem;
    const said: Content = { ...content, message: { id: 'Msg004', name: 'Spring' } };
    await deliver(ports, { account, profile, message: id }, async () => said);
    const tags = { account: [account], profile: [profile], message: [id] };
    await takeFeedback(ports, { eventType: 'Delivery', mail: { messageId: 'ses', tags } });
    expect(eventsIn(store.dump())[0]?.properties).toMatchObject({
      ...{ $message: 'Msg004', $campaign_channel: 'email', 'Campaign Name': 'Spring' },
    });
  });
});

describe('metrics that measure messages', () => {
  it('are those of our own of which leaving is none', () => {
    const names = Object.values(engagementMetrics).flatMap((metrics) => Object.values(metrics));
    const measuring = names.filter((name) => measuresMessages({ name, service: 'klaviyo' }));
    expect(names.filter((name) => !measuring.includes(name))).toEqual([
      'Unsubscribed',
      'Clicked and Unsubscribed from Email',
    ]);
    expect(measuresMessages({ name: 'Received Email', service: 'api' })).toBe(false);
    expect(measuresMessages({ name: 'Placed Order', service: 'klaviyo' })).toBe(false);
    expect(measuresMessages({})).toBe(false);
  });
});
