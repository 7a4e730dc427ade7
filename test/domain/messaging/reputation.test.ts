// The circuit breaker: when marketing email rests, what goes on meanwhile, and how it is let go on.
import { describe, expect, it } from 'vitest';
import { readAccount } from '../../../shared/domain/account/index.ts';
import { takeFeedback } from '../../../shared/domain/messaging/index.ts';
import { counting, resumeMail } from '../../../shared/domain/messaging/reputation.ts';
import { day, hour, instantOf, minute } from '../../../shared/kernel/time.ts';
import { account, setting } from './setting.ts';

/** Emails to people of their own, and what becomes of each. */
async function mailings() {
  const world = await setting();
  let people = 0;
  const mailed = async () => {
    people += 1;
    const of = await world.person(`p${people}@people.example`);
    const message = await world.queue(of);
    await world.send(message, {}, of);
    const tags = { account: [account], profile: [of], message: [message] };
    return (eventType: string, detail: object = {}) =>
      takeFeedback(world.ports, { eventType, ...detail, mail: { messageId: message, tags } });
  };
  const arrive = async (count: number) => {
    for (let i = 0; i < count; i += 1) await (await mailed())('Delivery', { delivery: {} });
  };
  const bounce = async (count: number, bounceType = 'Permanent') => {
    for (let i = 0; i < count; i += 1) await (await mailed())('Bounce', { bounce: { bounceType } });
  };
  const complain = async (count: number) => {
    for (let i = 0; i < count; i += 1) {
      const report = await mailed();
      await report('Delivery', { delivery: {} });
      await report('Complaint', { complaint: {} });
    }
  };
  const rests = async () => (await readAccount(world.ports, account)).mail_rests;
  return { ...world, mailed, arrive, bounce, complain, rests };
}

describe('marketing email', () => {
  it('goes on below four bounces in a hundred, and rests at four', async () => {
    const { arrive, bounce, rests } = await mailings();
    await arrive(245);
    await bounce(10);
    expect(await rests()).toBeUndefined();
    await bounce(1);
    expect(await rests()).toMatchObject({ why: 'bounced', received: 245, bounced: 11 });
  });

  it('is watched at a price that does not grow: what arrived is counted anew only when it might be too few', async () => {
    const { bounce, ports, store, clock, owner, rests } = await mailings();
    for (let n = 0; n < 245; n += 1) {
      await store.write(counting(account, owner, { what: 'received', message: `m${n}` }, clock.now()));
    }
    let looked = 0;
    const { store: plain } = ports;
    ports.store = {
      ...plain,
      getMany: (keys) => {
        looked += keys.filter(({ pk }) => pk.includes('mail ')).length;
        return plain.getMany(keys);
      },
    };
    const lookedAt = async (count: number) => {
      looked = 0;
      await bounce(count);
      return looked;
    };
    // Of what goes wrong there are sixteen counters, of what arrived a hundred and twenty-eight.
    expect(await lookedAt(9)).toBe(9 * 16);
    expect(await lookedAt(1)).toBe(16 + 16 + 128 + 16);
    expect(await rests()).toBeUndefined();
    expect(await lookedAt(1)).toBe(16 + 16 + 128 + 16);
    expect(await rests()).toMatchObject({ why: 'bounced', received: 245, bounced: 11 });
  });

  it('does not rest because of a few, nor because of mailboxes that are full', async () => {
    const { bounce, complain, rests } = await mailings();
    await bounce(9);
    await complain(4);
    await bounce(30, 'Transient');
    expect(await rests()).toBeUndefined();
    await complain(1);
    expect(await rests()).toMatchObject({ why: 'complained', complained: 5 });
  });

  it('counts a report once, however often it comes, and none that is more than a day old', async () => {
    const { arrive, mailed, bounce, rests, clock } = await mailings();
    await arrive(20);
    const reports = await Promise.all(Array.from({ length: 9 }, () => mailed()));
    for (let again = 0; again < 3; again += 1) {
      for (const report of reports) await report('Bounce', { bounce: { bounceType: 'Permanent' } });
    }
    expect(await rests()).toBeUndefined();
    clock.advance(day);
    await bounce(9);
    expect(await rests()).toBeUndefined();
    await bounce(1);
    expect(await rests()).toMatchObject({ bounced: 10 });
  });

  it('that is queued meanwhile waits, says why, and goes out within an hour of being let go on', async () => {
    const { bounce, rests, ports, queue, send, read, clock, mail, profile } = await mailings();
    await bounce(10);
    const before = mail.inbox.length;
    const [marketing, receipt] = [await queue(), await queue()];
    await send(marketing, { smartSending: false });
    await send(receipt, { transactional: true });
    expect(mail.inbox.slice(before).map(({ tags }) => tags['message'])).toEqual([receipt]);
    const held = await read(marketing);
    expect(held).toMatchObject({ status: 'QUEUED', reason: 'Sending rests' });
    const wait = instantOf(held.due ?? '') - clock.now();
    expect(wait).toBeGreaterThanOrEqual(30 * minute);
    expect(wait).toBeLessThan(hour);
    clock.advance(wait);
    await send(marketing, { smartSending: false });
    expect((await read(marketing)).status).toBe('QUEUED');

    await resumeMail(ports, account);
    expect(await rests()).toBeUndefined();
    clock.advance(hour);
    await send(marketing, { smartSending: false });
    const sent = await read(marketing);
    expect([sent.status, sent.reason, sent.profile]).toEqual(['SENT', undefined, profile]);
  });

  it('is counted anew after that', async () => {
    const { bounce, rests, ports } = await mailings();
    await bounce(10);
    await resumeMail(ports, account);
    await resumeMail(ports, account);
    await bounce(9);
    expect(await rests()).toBeUndefined();
    await bounce(1);
    expect(await rests()).toMatchObject({ bounced: 10 });
  });
});
