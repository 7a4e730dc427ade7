// Every kind of withdrawal, put before every call that a send makes to the store (I6): before the claim nothing goes out.
// WRITE=1 records how many there were.
import { afterAll, describe, expect, it } from 'vitest';
import { complainEmail, suppressEmail, withdrawEmail } from '../../../shared/domain/consent/index.ts';
import { withdraw } from '../../../shared/domain/consent/words.ts';
import { forget, removePushToken } from '../../../shared/domain/identity/index.ts';
import { takeFeedback, unsubscribe } from '../../../shared/domain/messaging/index.ts';
import type { Ports } from '../../../shared/ports.ts';
import type { MessageItem } from '../../../shared/storage/items.ts';
import { record } from '../../simulation/recorded.ts';
import { interrupted } from './interrupted.ts';
import { number, push, sms, stage } from './phones.ts';
import { account, address, setting } from './setting.ts';

interface Sending {
  ports: Ports;
  /** Sends the one message there is, through these ports. */
  send: (through: Ports) => Promise<unknown>;
  /** How the message stands; undefined when it is gone. */
  read: () => Promise<MessageItem | undefined>;
  /** How much went out. */
  out: () => number;
}

const tried = { kinds: 0, points: 0, claimed: 0 };
afterAll(() => record('withdrawals', tried));

/** Puts what happens before each call of a send in turn; answers how the sends ended. */
async function atEveryCall<S extends Sending>(make: () => Promise<S>, happens: (sending: S) => Promise<unknown>) {
  const plain = await make();
  const watched = interrupted(plain.ports, -1, async () => undefined);
  await plain.send(watched.ports);
  expect(plain.out()).toBe(1);
  const claims: boolean[] = [];
  for (let call = 0; call < watched.calls(); call += 1) {
    const one = await make();
    const then = { claimed: false };
    const meanwhile = async () => {
      then.claimed = (await one.read())?.status !== 'QUEUED';
      await happens(one);
    };
    await one.send(interrupted(one.ports, call, meanwhile).ports);
    // Under way once it is claimed; before that, and in the very call that claims, the withdrawal wins.
    expect([call, one.out()]).toEqual([call, then.claimed ? 1 : 0]);
    claims.push(then.claimed);
  }
  expect(new Set(claims)).toEqual(new Set([false, true]));
  tried.kinds += 1;
  tried.points += claims.length;
  tried.claimed += claims.filter(Boolean).length;
}

const how = { method: 'API' } as const;

describe('an email never goes out after', () => {
  const email = async () => {
    const world = await setting();
    const message = await world.queue();
    const { ports, profile, mail, owner } = world;
    const link = { account, owner, profile, message, address };
    return {
      ...{ ports, profile, link, out: () => mail.inbox.length },
      send: (through: Ports) => world.send(message, {}, profile, through),
      read: () => world.read(message) as Promise<MessageItem | undefined>,
    };
  };
  type Email = Awaited<ReturnType<typeof email>>;
  const word = ({ ports }: Email) => ({ address, at: ports.clock.now(), how });
  const kinds: Record<string, (one: Email) => Promise<unknown>> = {
    'the page of its link': ({ ports, link }) => unsubscribe(ports, link, 'PREFERENCE_PAGE'),
    'one click': ({ ports, link }) => unsubscribe(ports, link, 'ONE_CLICK_UNSUBSCRIBE'),
    'an unsubscribe by API': (one) => withdrawEmail(one.ports, account, word(one)),
    'a complaint': (one) => complainEmail(one.ports, account, word(one)),
    'a hard bounce': (one) => suppressEmail(one.ports, account, { ...word(one), reason: 'HARD_BOUNCE' }),
    'a suppression by hand': (one) => suppressEmail(one.ports, account, { ...word(one), reason: 'USER_SUPPRESSED' }),
    'the deletion of the person': ({ ports, profile }) => forget(ports, account, profile),
  };
  it.each(Object.keys(kinds))('%s', async (kind) => {
    await atEveryCall(email, kinds[kind]!);
  });
});

describe('a text never goes out after', () => {
  const text = async () => {
    const world = await stage();
    await world.say('sms');
    const message = await world.queue('sms');
    const { ports, of, say } = world;
    const answer = {
      originationNumber: number,
      destinationNumber: '+12015550100',
      messageBody: 'Stop.',
      inboundMessageId: 'i',
    };
    return {
      ...{ ports, of, say, answer, out: () => world.sms.inbox.length },
      send: (through: Ports) => world.deliver(message, sms, through),
      read: () => world.read(message) as Promise<MessageItem | undefined>,
    };
  };
  type Text = Awaited<ReturnType<typeof text>>;
  const kinds: Record<string, (one: Text) => Promise<unknown>> = {
    STOP: ({ ports, answer }) => takeFeedback(ports, { Type: 'Notification', Message: JSON.stringify(answer) }),
    'an unsubscribe by API': ({ say }) => say('sms', withdraw),
    'an unsubscribe from transactional texts': ({ say }) => say('sms_transactional', withdraw),
    'the deletion of the person': ({ ports, of }) => forget(ports, account, of),
  };
  it.each(Object.keys(kinds))('%s', async (kind) => {
    await atEveryCall(text, kinds[kind]!);
  });
});

describe('a push message never goes out after', () => {
  const pushed = async () => {
    const world = await stage();
    await world.say('push');
    await world.device('one');
    const message = await world.queue('push');
    const { ports, of, say } = world;
    return {
      ...{ ports, of, say, out: () => world.push.inbox.length },
      send: (through: Ports) => world.deliver(message, push, through),
      read: () => world.read(message) as Promise<MessageItem | undefined>,
    };
  };
  type Push = Awaited<ReturnType<typeof pushed>>;
  const kinds: Record<string, (one: Push) => Promise<unknown>> = {
    'an unsubscribe': ({ say }) => say('push', withdraw),
    'the removal of the token': ({ ports }) => removePushToken(ports, account, 'one'),
    'the deletion of the person': ({ ports, of }) => forget(ports, account, of),
  };
  it.each(Object.keys(kinds))('%s', async (kind) => {
    await atEveryCall(pushed, kinds[kind]!);
  });
});
