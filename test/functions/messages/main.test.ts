import type { SQSBatchResponse } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { create as createFeedback } from '../../../functions/feedback/main.ts';
import { create as createMessages } from '../../../functions/messages/main.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import type { LambdaHandler } from '../../../shared/lambda/chain.ts';
import type { Message } from '../../../shared/messages.ts';
import type { Ports } from '../../../shared/ports.ts';
import { context, sqsEvent } from '../../lambda/events.ts';
import { account, setting } from '../../domain/messaging/setting.ts';

const event = (...bodies: unknown[]) =>
  sqsEvent(...bodies.map((body) => (typeof body === 'string' ? body : JSON.stringify(body))));

const call = async (create: (ports: Ports) => LambdaHandler, ports: Ports, sent: unknown) =>
  ((await create(ports)(sent, context)) as SQSBatchResponse).batchItemFailures.map((one) => one.itemIdentifier);

describe('the messages function', () => {
  it('works off what it can and hands back the rest', async () => {
    const { ports, queue, read, profile } = await setting();
    const message = await queue();
    const name: Message<'messages'> = { type: 'deliver', account, profile, message };
    const failed = await call(
      createMessages,
      ports,
      event(name, 'no message', { ...name, type: 'else' }, { ...name, message: 'unknown' }),
    );
    expect(failed).toEqual(['id-1', 'id-2']);
    // Its flow is unknown: nothing says what it would say.
    expect(await read(message)).toMatchObject({ status: 'SKIPPED', reason: 'Action Deleted' });
  });

  it('hands back a delivery that the store failed, and finishes it the second time', async () => {
    const { ports, queue, read, profile } = await setting();
    const message = await queue();
    const delivery = event({ type: 'deliver', account, profile, message });
    const broken: Ports = { ...ports, store: { ...ports.store, get: () => Promise.reject(new Error('down')) } };
    expect(await call(createMessages, broken, delivery)).toEqual(['id-0']);
    expect((await read(message)).status).toBe('QUEUED');
    expect(await call(createMessages, ports, delivery)).toEqual([]);
    expect((await read(message)).status).toBe('SKIPPED');
  });

  it('settles a claim that ran out', async () => {
    const { ports, queue, send, read, mail, profile, clock } = await setting();
    mail.fail('ann@people.example', 'lose');
    const message = await queue();
    await send(message);
    clock.advance(900_000);
    expect(await call(createMessages, ports, event({ type: 'expire', account, profile, message }))).toEqual([]);
    expect((await read(message)).status).toBe('UNKNOWN');
  });

  it('finds no message of another account', async () => {
    const { ports, queue, read, profile } = await setting();
    await createAccount(ports, { name: 'Other', senderEmail: 'o@other.example', publicId: 'XyZ789' });
    const message = await queue();
    expect(await call(createMessages, ports, event({ type: 'deliver', account: 'XyZ789', profile, message }))).toEqual(
      [],
    );
    expect((await read(message)).status).toBe('QUEUED');
  });
});

describe('the feedback function', () => {
  it('takes in reports and hands back what failed', async () => {
    const { ports, queue, send, read, profile } = await setting();
    const message = await queue();
    await send(message);
    const tags = { account: [account], profile: [profile], message: [message] };
    const reject = {
      Type: 'Notification',
      Message: JSON.stringify({ eventType: 'Reject', mail: { messageId: 'x', tags } }),
    };
    expect(await call(createFeedback, ports, event({ any: 'thing' }, reject))).toEqual([]);
    expect((await read(message)).status).toBe('FAILED');
    const broken: Ports = { ...ports, store: { ...ports.store, get: () => Promise.reject(new Error('down')) } };
    expect(await call(createFeedback, broken, event({ any: 'thing' }, reject))).toEqual(['id-1']);
  });
});
