import { describe, expect, it } from 'vitest';
import { streamRecord } from '../../functions/local/events.ts';
import { FailedAt, streamHandler } from '../../shared/lambda/stream.ts';
import { wakeHandler } from '../../shared/lambda/schedule.ts';
import type { Change } from '../../shared/storage/store.ts';
import { chainPorts, context } from './events.ts';

const row = (sk: string) => ({ pk: 'p', sk, kind: 'toy', tags: ['a', { b: null }], n: 1.5 });
const changes: Change[] = [
  { after: row('1'), at: 1_700_000_000_000 },
  { before: row('1'), after: row('1'), at: 1_700_000_000_123 },
  { before: row('2'), at: 1_700_000_000_500, expired: true },
];
const event = { Records: changes.map((change, index) => streamRecord(change, `00${index}`)) };

describe('the stream chain', () => {
  it('hands over the changes as they were made', async () => {
    let seen: readonly Change[] = [];
    const handler = streamHandler(chainPorts(), async (all) => void (seen = all));
    expect(await handler(JSON.parse(JSON.stringify(event)), context)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual(changes);
  });

  it('names the first change that failed', async () => {
    const handler = streamHandler(chainPorts(), async () => {
      throw new FailedAt(1, new Error('not this one'));
    });
    expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '001' }] });
  });

  it('lets any other error through, so that the whole batch comes again', async () => {
    const ports = chainPorts();
    const handler = streamHandler(ports, async () => {
      throw new Error('down');
    });
    await expect(handler(event, context)).rejects.toThrow('down');
    expect(ports.lines).toMatchObject([{ level: 'error', error: { message: 'down' } }]);
  });
});

describe('the schedule chain', () => {
  it('hands over the payload, and refuses an unknown one', async () => {
    const seen: unknown[] = [];
    const handler = wakeHandler(chainPorts(), async (wake) => void seen.push(wake));
    await handler({ sweep: true }, context);
    await handler({ account: 'a1', minute: '2026-01-01T00:00' }, context);
    await expect(handler({ other: 1 }, context)).rejects.toThrow();
    expect(seen).toEqual([{ sweep: true }, { account: 'a1', minute: '2026-01-01T00:00' }]);
  });
});
