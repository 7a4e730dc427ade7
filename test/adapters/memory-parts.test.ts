import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../shared/adapters/memory/clock.ts';
import { createHeap } from '../../shared/adapters/memory/heap.ts';
import { createIds } from '../../shared/adapters/memory/ids.ts';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { toQueueText } from '../../shared/kernel/json.ts';

describe('the local clock', () => {
  it('stands still until it is advanced', () => {
    const clock = createClock({ start: 1000, real: false });
    expect(clock.now()).toBe(1000);
    clock.advance(500);
    expect(clock.now()).toBe(1500);
    expect(() => clock.advance(-1)).toThrow(RangeError);
  });

  it('runs by itself when it is real, and keeps what it was advanced by', () => {
    const clock = createClock();
    const before = Date.now();
    clock.advance(86_400_000);
    expect(clock.now() - before).toBeGreaterThanOrEqual(86_400_000);
    expect(clock.real).toBe(true);
  });
});

describe('local ids', () => {
  const clock = createClock({ start: Date.UTC(2026, 0, 1), real: false });

  it('rise strictly, within a millisecond and over time', () => {
    const ids = createIds({ clock });
    const made = Array.from({ length: 2000 }, (_, i) => {
      if (i % 100 === 0) clock.advance(1);
      return ids.ulid();
    });
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    for (const ulid of made) expect(ulid).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });

  it('begin with their time', () => {
    const at = createClock({ start: 1_469_918_176_385, real: false });
    expect(createIds({ clock: at, seed: 1 }).ulid().slice(0, 10)).toBe('01ARYZ6S41');
  });

  it('repeat with a seed, and only then', () => {
    const sample = (seed?: number) => {
      const ids = createIds({ clock, ...(seed !== undefined && { seed }) });
      return [ids.ulid(), ids.short(), ids.uuid(), ids.secret(32)].join(' ');
    };
    expect(sample(7)).toBe(sample(7));
    expect(sample(7)).not.toBe(sample(8));
    expect(sample()).not.toBe(sample());
  });

  it('have their shapes', () => {
    const ids = createIds({ clock, seed: 3 });
    expect(ids.short()).toMatch(/^[0-9A-Za-z]{6}$/);
    expect(ids.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Buffer.from(ids.secret(32), 'base64url')).toHaveLength(32);
  });
});

describe('a heap', () => {
  it('hands out what it holds in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = createHeap<number>((a, b) => a < b);
        for (const number of numbers) heap.push(number);
        const out = Array.from({ length: heap.size }, () => heap.pop());
        expect(out).toEqual([...numbers].sort((a, b) => a - b));
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});

describe('the text of a queue message', () => {
  it('holds only characters that SQS takes, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        const sent = String.fromCharCode(...units, 0xfffe, 0xffff);
        const text = toQueueText({ sent });
        expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
        expect(JSON.parse(text)).toEqual({ sent });
      }),
    );
  });
});

describe('the memory queue', () => {
  const body = { id: 'x' };

  it('counts receives, and takes a late receipt for nothing', async () => {
    const { queue, clock } = memoryPorts();
    await queue.send('feedback', [{ body }]);
    const [first] = queue.receive('feedback', 10);
    expect(queue.receive('feedback', 10)).toEqual([]);
    clock.advance(30_000);
    const [second] = queue.receive('feedback', 10);
    queue.remove('feedback', [first!.receipt]);
    expect(second).toMatchObject({ id: first!.id, receives: 2, firstReceivedAt: first!.firstReceivedAt });
    expect(queue.size('feedback')).toBe(1);
    queue.remove('feedback', [second!.receipt]);
    expect(queue.size('feedback')).toBe(0);
  });

  it('says when there is something to receive', async () => {
    const { queue, clock } = memoryPorts();
    const now = clock.now();
    expect(queue.dueAt('feedback')).toBeUndefined();
    await queue.send('feedback', [{ body, delaySeconds: 60 }]);
    expect(queue.dueAt('feedback')).toBe(now + 60_000);
    await queue.send('feedback', [{ body }]);
    expect(queue.dueAt('feedback')).toBe(now);
    queue.receive('feedback', 10);
    expect(queue.dueAt('feedback')).toBe(now + 30_000);
  });

  it('keeps the messages of a batch that were in order when another is refused', async () => {
    const { queue } = memoryPorts();
    await expect(queue.send('feedback', [{ body }, { body, delaySeconds: 901 }])).rejects.toThrow('900');
    expect(queue.size('feedback')).toBe(1);
  });

  it('gives dead letters new ids when they are put back', async () => {
    const { queue, clock } = memoryPorts();
    await queue.send('feedback', [{ body }]);
    for (let i = 0; i < 4; i += 1) {
      queue.receive('feedback', 10);
      clock.advance(30_000);
    }
    expect(queue.receive('feedback', 10)).toEqual([]);
    const [dead] = queue.deadLetters('feedback');
    expect(dead).toMatchObject({ receives: 4 });
    expect(queue.redrive('feedback')).toBe(1);
    const [again] = queue.receive('feedback', 10);
    expect(again).toMatchObject({ body: JSON.stringify(body), receives: 1 });
    expect(again!.id).not.toBe(dead!.id);
  });
});
