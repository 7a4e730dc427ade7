import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../shared/messages.ts';
import type { Queue } from '../../shared/ports.ts';

/** A queue port with a way to see what arrived. */
export interface QueueUnderTest {
  queue: Queue;
  /** Takes everything that is visible now out of the queue `feedback`: the bodies' texts, in any order. */
  take: () => Promise<string[]>;
  /** Lets this time pass, where time can be moved. */
  advance?: (seconds: number) => Promise<void>;
  /** Set for an emulator that takes delays which SQS refuses. */
  takesAnyDelay?: true;
}

const body = (id: string): Message<'feedback'> => ({ id });

/** What every queue adapter must do. `make` gives an empty one. */
export function describeQueue(name: string, make: () => Promise<QueueUnderTest>): void {
  describe(`the queue port on ${name}`, () => {
    it('takes more messages than a batch holds, each once', async () => {
      const { queue, take } = await make();
      const ids = Array.from({ length: 37 }, (_, i) => `m${i}`);
      await queue.send(
        'feedback',
        ids.map((id) => ({ body: body(id) })),
      );
      const taken = (await take()).map((text) => (JSON.parse(text) as { id: string }).id);
      expect(taken.sort()).toEqual(ids.sort());
    });

    it('takes nothing without complaint', async () => {
      const { queue, take } = await make();
      await queue.send('feedback', []);
      expect(await take()).toEqual([]);
    });

    it('carries every character, and none that SQS refuses', async () => {
      const { queue, take } = await make();
      const texts = ['\u0000\u0008\u001f', '\ufffe\uffff', '\ud800 alone', '😀 é ‏', '\u2028\u007f', '__proto__'];
      await queue.send(
        'feedback',
        texts.map((text) => ({ body: { text } })),
      );
      const bodies = await take();
      expect(bodies.map((text) => (JSON.parse(text) as { text: string }).text).sort()).toEqual([...texts].sort());
      for (const text of bodies) expect(text).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
    });

    it('gives back any text as it was', async () => {
      const { queue, take } = await make();
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 0xffff })), async (units) => {
          const text = String.fromCharCode(...units);
          await queue.send('feedback', [{ body: { text } }]);
          expect((await take()).map((taken) => JSON.parse(taken) as unknown)).toEqual([{ text }]);
        }),
        { numRuns: 20 },
      );
    });

    it('refuses a delay beyond 15 minutes', async ({ skip }) => {
      const { queue, takesAnyDelay } = await make();
      if (takesAnyDelay) return skip();
      await expect(queue.send('feedback', [{ body: body('a'), delaySeconds: 901 }])).rejects.toThrow();
      await expect(queue.send('feedback', [{ body: body('a'), delaySeconds: -1 }])).rejects.toThrow();
    });

    it('refuses a message of more than 1 MiB', async () => {
      const { queue } = await make();
      await expect(queue.send('feedback', [{ body: body('é'.repeat(600_000)) }])).rejects.toThrow();
    });

    it('takes several messages that together exceed a batch', async () => {
      const { queue, take } = await make();
      const large = 'x'.repeat(200_000);
      await queue.send(
        'feedback',
        Array.from({ length: 8 }, () => ({ body: body(large) })),
      );
      expect(await take()).toHaveLength(8);
    });

    it('holds a delayed message back for its delay', async ({ skip }) => {
      const { queue, take, advance } = await make();
      if (!advance) return skip();
      await queue.send('feedback', [{ body: body('late'), delaySeconds: 900 }, { body: body('now') }]);
      expect(await take()).toEqual([JSON.stringify(body('now'))]);
      await advance(899);
      expect(await take()).toEqual([]);
      await advance(1);
      expect(await take()).toEqual([JSON.stringify(body('late'))]);
    });
  });
}
