import { describe, expect, it } from 'vitest';
import { type Delivery, eachByItself, queueHandler } from '../../shared/lambda/queue.ts';
import { chainPorts, context, sqsEvent } from './events.ts';

const job = (id: string) => JSON.stringify({ type: 'subscribe', account: 'a1', job: id });

describe('the queue chain', () => {
  it('hands over the parsed messages with their ids', async () => {
    let seen: readonly Delivery<'jobs'>[] = [];
    const handler = queueHandler(chainPorts(), 'jobs', async (messages) => {
      seen = messages;
      return [];
    });
    expect(await handler(sqsEvent(job('j1'), job('j2')), context)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([
      { id: 'id-0', body: { type: 'subscribe', account: 'a1', job: 'j1' } },
      { id: 'id-1', body: { type: 'subscribe', account: 'a1', job: 'j2' } },
    ]);
  });

  it('reports the messages that the work could not do', async () => {
    const handler = queueHandler(chainPorts(), 'jobs', async ([first]) => [first!.id]);
    expect(await handler(sqsEvent(job('j1'), job('j2')), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'id-0' }],
    });
  });

  it('reports what is no message of the queue, does the rest, and logs no payload', async () => {
    const ports = chainPorts();
    const done: string[] = [];
    const handler = queueHandler(ports, 'jobs', async (messages) => {
      done.push(...messages.map(({ body }) => body.job));
      return [];
    });
    const event = sqsEvent('{"secret', JSON.stringify({ type: 'secret' }), job('j3'));
    expect(await handler(event, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'id-0' }, { itemIdentifier: 'id-1' }],
    });
    expect(done).toEqual(['j3']);
    expect(ports.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(JSON.stringify(ports.lines)).not.toContain('secret');
  });

  it('lets a thrown error through, so that the whole batch comes again, and logs it', async () => {
    const ports = chainPorts();
    const handler = queueHandler(ports, 'jobs', async () => {
      throw new Error('down');
    });
    await expect(handler(sqsEvent(job('j1')), context)).rejects.toThrow('down');
    expect(ports.lines).toMatchObject([{ level: 'error', error: { message: 'down' } }]);
  });

  it('logs one line a batch', async () => {
    const ports = chainPorts();
    await queueHandler(ports, 'jobs', async () => [])(sqsEvent(job('j1'), 'x'), context);
    expect(ports.lines.at(-1)).toMatchObject({ level: 'info', message: 'queue jobs', messages: 2, failed: 1 });
  });
});

describe('deliveries worked off each by itself', () => {
  const deliveries = ['j1', 'secret', 'j3'].map((name) => ({
    id: `id of ${name}`,
    body: { type: 'subscribe' as const, account: 'a1', job: name },
  }));

  it('does the others when one fails, and answers its id', async () => {
    const done: string[] = [];
    const failed = await eachByItself<'jobs'>(
      chainPorts(),
      deliveries,
      { abreast: 1, shown: [] },
      async ({ job: name }) => {
        if (name === 'j1') throw new Error('down');
        done.push(name);
      },
    );
    expect(failed).toEqual(['id of j1']);
    expect(done).toEqual(['secret', 'j3']);
  });

  it('logs what failed and why, and of the message only what it is told to', async () => {
    const ports = chainPorts();
    await eachByItself<'jobs'>(ports, deliveries.slice(0, 1), { abreast: 2, shown: ['account'] }, async () => {
      throw new Error('down');
    });
    const [line = {}, ...more] = ports.lines;
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 'error', id: 'id of j1', account: 'a1', error: { message: 'down' } });
    expect(Object.keys(line).sort()).toEqual(['account', 'at', 'error', 'id', 'level', 'message']);
  });
});
