// A provider that takes nothing: it is left alone for ever longer, tried by one message at a time, and then everything goes.
import { describe, expect, it } from 'vitest';
import { readAccount } from '../../../shared/domain/account/index.ts';
import { day, hour, instantOf, minute, second } from '../../../shared/kernel/time.ts';
import { HandoverPostponed, type Ports } from '../../../shared/ports.ts';
import { account, setting } from './setting.ts';

type Mood = 'takes' | 'postpones' | 'loses';

async function provider() {
  const world = await setting();
  const { ports, profile, queue, send, read, clock } = world;
  let mood: Mood = 'takes';
  let calls = 0;
  const mail: Ports['mail'] = {
    send: async (email) => {
      calls += 1;
      if (mood === 'postpones') throw new HandoverPostponed('Too many requests.');
      if (mood === 'loses') throw new Error('The answer was lost.');
      return ports.mail.send(email);
    },
  };
  const through = { ...ports, mail };
  const is = (next: Mood) => {
    mood = next;
    calls = 0;
  };
  const rest = async () => (await readAccount(ports, account)).provider_rests?.['mail'];
  const still = { smartSending: false };
  return {
    ...world,
    is,
    rest,
    calls: () => calls,
    deliver: (message: string) => send(message, still, profile, through),
    /** One message, delivered now. */
    one: async () => {
      const message = await queue();
      await send(message, still, profile, through);
      return message;
    },
    /** Turns the clock to the end of the rest. */
    wake: async () => clock.advance(instantOf((await rest())!.until) - clock.now()),
    statusOf: async (message: string) => (await read(message)).status,
  };
}

describe('a provider that takes nothing', () => {
  it('is asked by nobody else until it is time, and then by one', async () => {
    const { is, one, rest, calls, read, wake, deliver } = await provider();
    is('postpones');
    await one();
    const waiting = [await one(), await one(), await one()];
    expect(calls()).toBe(1);
    expect(await read(waiting[0]!)).toMatchObject({ status: 'QUEUED', reason: 'Provider rests' });
    await wake();
    await Promise.all(waiting.map(deliver));
    expect(calls()).toBe(2);
    expect(await rest()).toMatchObject({ times: 1, trying: false });
  });

  it('gets everything with the first message that it takes', async () => {
    const { is, one, rest, wake, deliver, statusOf } = await provider();
    is('postpones');
    await one();
    const waiting = [await one(), await one()];
    is('takes');
    await wake();
    for (const message of waiting) await deliver(message);
    expect(await Promise.all(waiting.map(statusOf))).toEqual(['SENT', 'SENT']);
    expect(await rest()).toBeUndefined();
  });

  it('is tried after twice as long each time, at most every half an hour', async () => {
    const { is, one, rest, wake, clock, calls } = await provider();
    is('postpones');
    const began = clock.now();
    await one();
    const pauses: number[] = [];
    while (clock.now() < began + 3 * hour) {
      pauses.push(instantOf((await rest())!.until) - clock.now());
      await wake();
      await one();
    }
    expect(pauses.slice(0, 4)).toEqual([15 * second, 30 * second, minute, 2 * minute]);
    expect(pauses.at(-1)).toBe(30 * minute);
    expect(calls()).toBeLessThan(15);
  });

  it('is tried again where the one that tried died on the way', async () => {
    const { is, one, wake, ports, rest, queue, send, profile, statusOf } = await provider();
    is('postpones');
    await one();
    is('takes');
    await wake();
    const dying = { ...ports, mail: { send: () => new Promise<never>(() => {}) } };
    void send(await queue(), { smartSending: false }, profile, dying);
    await new Promise(setImmediate);
    while (!(await rest())?.trying) await new Promise(setImmediate);
    const early = await one();
    expect(await statusOf(early)).toBe('QUEUED');
    await wake();
    expect(await statusOf(await one())).toBe('SENT');
  });

  it('is not thought gone because of one answer that was lost, but of five in a row', async () => {
    const { is, one, rest } = await provider();
    for (let n = 0; n < 4; n += 1) {
      is('loses');
      await one();
    }
    is('takes');
    await one();
    is('loses');
    for (let n = 0; n < 4; n += 1) await one();
    expect(await rest()).toBeUndefined();
    await one();
    expect(await rest()).toMatchObject({ times: 0 });
  });

  it('does not hold up other channels', async () => {
    const { is, one, ports, clock } = await provider();
    is('postpones');
    await one();
    clock.advance(day);
    const { provider_rests: rests } = await readAccount(ports, account);
    expect(Object.keys(rests ?? {})).toEqual(['mail']);
  });
});
