import { describe, expect, it } from 'vitest';
import { type Delivery, queueHandler } from '../../shared/lambda/queue.ts';
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
