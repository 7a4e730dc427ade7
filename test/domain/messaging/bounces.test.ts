// What reports of the provider make of an address (behaviour 3.6).
import { describe, expect, it } from 'vitest';
import { takeFeedback } from '../../../shared/domain/messaging/index.ts';
import { erase, forget, mergeProfiles, readContact, upsertProfile } from '../../../shared/domain/identity/index.ts';
import { day, sortable } from '../../../shared/kernel/time.ts';
import { account, address, setting } from './setting.ts';

async function arrivals() {
  const made = await setting();
  const { ports, clock, profile } = made;
  /** A message is sent, and the provider reports of it a minute later. */
  const report = async (type: 'Bounce' | 'Delivery' | 'Complaint', bounceType = 'Transient') => {
    clock.advance(day);
    const message = await made.queue();
    await made.send(message);
    clock.advance(60_000);
    const timestamp = sortable(clock.now());
    const body = {
      eventType: type,
      mail: { messageId: message, tags: { account: [account], profile: [profile], message: [message] } },
      ...(type === 'Bounce' && { bounce: { bounceType, timestamp } }),
      ...(type === 'Delivery' && { delivery: { timestamp } }),
      ...(type === 'Complaint' && { complaint: { timestamp } }),
    };
    await takeFeedback(ports, body);
    return () => takeFeedback(ports, body);
  };
  const contact = async () => (await readContact(ports, account, { kind: 'email', value: address })).item;
  const reasons = async () => (await contact())?.suppressions.map(({ reason }) => reason) ?? [];
  const bounce = async (times: number) => {
    for (let i = 0; i < times; i += 1) await report('Bounce');
  };
  return { ...made, report, bounce, reasons, contact };
}

describe('an address', () => {
  it('that bounces for good is suppressed at once', async () => {
    const { report, reasons } = await arrivals();
    await report('Bounce', 'Permanent');
    expect(await reasons()).toEqual(['HARD_BOUNCE']);
  });

  it('is suppressed by the eighth soft bounce in a row, not by the seventh', async () => {
    const { bounce, reasons } = await arrivals();
    await bounce(7);
    expect(await reasons()).toEqual([]);
    await bounce(1);
    expect(await reasons()).toEqual(['HARD_BOUNCE']);
  });

  it('starts anew after any message that arrives', async () => {
    const { report, bounce, reasons } = await arrivals();
    await bounce(7);
    await report('Delivery');
    await bounce(7);
    expect(await reasons()).toEqual([]);
    await bounce(1);
    expect(await reasons()).toEqual(['HARD_BOUNCE']);
  });

  it('keeps no soft bounces that are older than two years', async () => {
    const { bounce, reasons, clock } = await arrivals();
    await bounce(7);
    clock.advance(2 * 365 * day);
    await bounce(7);
    expect(await reasons()).toEqual([]);
  });

  it('counts a report that comes twice once, and one that comes after its end not at all', async () => {
    const { report, bounce, contact } = await arrivals();
    const again = await report('Bounce');
    await again();
    expect((await contact())?.soft_bounces).toHaveLength(1);
    await report('Delivery');
    await again();
    expect((await contact())?.soft_bounces).toBeUndefined();
    await bounce(1);
    expect((await contact())?.soft_bounces).toHaveLength(1);
  });

  it('whose owner complains is unsubscribed and suppressed as what it is', async () => {
    const { report, reasons, contact } = await arrivals();
    await report('Complaint');
    expect(await reasons()).toEqual(['SPAM_COMPLAINT']);
    expect((await contact())?.consents?.email).toMatchObject({ state: 'UNSUBSCRIBED', method: 'SPAM_COMPLAINT' });
  });
});

describe('of somebody who was forgotten meanwhile', () => {
  const late = async (word: { eventType: string } & Record<string, unknown>, to: string) => {
    const made = await setting();
    const { ports, clock, profile } = made;
    const message = await made.queue();
    await made.send(message);
    await forget(ports, account, profile);
    await erase(ports, account, profile);
    clock.advance(60_000);
    const tags = { account: [account], profile: [profile], message: [message] };
    const report = { ...word, mail: { messageId: 'ses', destination: [to], tags } };
    await takeFeedback(ports, report);
    await takeFeedback(ports, report);
    const of = async (value: string) => (await readContact(ports, account, { kind: 'email', value })).item;
    return { ...made, message, of };
  };
  const bounce = { eventType: 'Bounce', bounce: { bounceType: 'Permanent' } };
  const complaint = { eventType: 'Complaint', complaint: {} };

  it.each([
    ['a bounce for good', bounce, 'HARD_BOUNCE'],
    ['a complaint', complaint, 'SPAM_COMPLAINT'],
  ])('%s suppresses the address, under its keyed hash, and keeps nothing else', async (_, word, reason) => {
    const { store, ports, profile, message } = await late(word, 'Ann@People.example');
    // But for the mark of the forgetting in its place, and the timer of the claim, for a quarter of an hour.
    const kept = JSON.stringify(store.dump().filter(({ pk, kind }) => !pk.includes(profile) && kind !== 'due'));
    for (const canary of ['people.example', profile, message]) expect(kept).not.toContain(canary);
    const input = { identifiers: { email: address }, attributes: {} };
    const back = await upsertProfile(ports, account, input);
    expect(back.profile.email_suppressions?.map((one) => one.reason)).toEqual([reason]);
  });

  it('no report suppresses an address that the message was not for, nor one that bounced softly', async () => {
    const { of } = await late(bounce, 'other@people.example');
    expect(await of('other@people.example')).toBeUndefined();
    expect(await of(address)).toBeUndefined();
    const soft = await late({ eventType: 'Bounce', bounce: { bounceType: 'Transient' } }, address);
    expect(await soft.of(address)).toBeUndefined();
  });

  it('who was merged into another before is known by the address too', async () => {
    const made = await setting();
    const { ports, profile } = made;
    const message = await made.queue();
    await made.send(message);
    const into = await made.person('survivor@people.example');
    await mergeProfiles(ports, account, { source: profile, destination: into });
    await forget(ports, account, into);
    await takeFeedback(ports, {
      ...bounce,
      mail: {
        messageId: 'ses',
        destination: [address],
        tags: { account: [account], profile: [profile], message: [message] },
      },
    });
    const { item } = await readContact(ports, account, { kind: 'email', value: address });
    expect(item?.suppressions).toMatchObject([{ reason: 'HARD_BOUNCE' }]);
  });
});
