// Totals of histories so long that their blocks are kept in pieces: whatever comes late, leaves, or is written by two at once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProfileMetric } from '../../../shared/domain/segments/index.ts';
import { type Amount, countOf } from '../../../shared/domain/segments/blocks.ts';
import { opened, shelved } from '../../../shared/domain/segments/pieces.ts';
import {
  type Range,
  type Total,
  brought,
  compact,
  endOf,
  folded,
  lumpOf,
} from '../../../shared/domain/segments/total.ts';
import { textOf, totalsOf } from '../../../shared/domain/segments/totals-text.ts';
import { edgesOf } from '../../../shared/domain/segments/windows.ts';
import { hour, minute } from '../../../shared/kernel/time.ts';
import { account, setting, start } from './worker.ts';

type Timeframe = ProfileMetric['timeframe_filter'];

const timeframes: readonly Timeframe[] = [
  { type: 'date', operator: 'alltime' },
  { type: 'date', operator: 'in-the-last', unit: 'hour', quantity: 60 },
  { type: 'date', operator: 'between', unit: 'hour', start: 5, end: 60 },
  { type: 'date', operator: 'at-least', unit: 'hour', quantity: 5 },
];

/** `much` events follow on each other, or come late at this place of the history; then somebody looks. */
const step = fc.record({
  what: fc.constantFrom('follow', 'late', 'late', 'leaves next'),
  /** Before anybody looks so much time passes. */
  hours: fc.constantFrom(0, 0, 1, 8, 20),
  much: fc.constantFrom(1, 1, 3, 40, 700),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  /** Whoever looks crashes before the total is written; or writes beside it what was true before, behind somebody else. */
  ends: fc.constantFrom('well', 'well', 'well', 'crashed', 'behind'),
});

const first = { what: 'follow', hours: 0, much: 1, place: 0, ends: 'well' } as const;

/** What has come true: ascending. */
type History = Amount[];

const sumOf = (events: readonly Amount[]) => events.reduce((sum, { by }) => sum + by, 0n);
const within = (events: History, after: number, upTo: number) => events.filter(({ at }) => at > after && at <= upTo);

test('totals in pieces say what the events say: late, leaving, after a crash, with pieces that others wrote', async () => {
  let fromPieces = 0;
  const { ports } = setting();
  let person = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...timeframes, ...timeframes.slice(1, 3)),
      fc.constantFrom(300, 2000, 6000),
      fc.array(step, { minLength: 3, maxLength: 14 }),
      async (timeframe, length, steps) => {
        const whose = { ports, account, profile: `p${(person += 1)}` };
        let now = start;
        const events: History = Array.from({ length }, (_, n) => ({ at: now - (length - n) * minute, by: 1n }));
        let written = new Map<string, Total>();

        /** What a look finds out, and what it writes beside the total. */
        async function look(late: readonly Range[]) {
          const edges = edgesOf(timeframe, now);
          const known = written.get('key') ?? { from: edges.after, blocks: [] };
          const right = await brought(known, edges, written.size > 0 ? late : [], {
            recount: async (after, upTo) => within(events, after, upTo),
            open: async (block) => {
              const pieces = await opened(whose, 'key', block);
              if (pieces.length > 1) {
                fromPieces += 1;
                expect([countOf(pieces), sumOf(pieces.map(({ by }) => ({ at: 0, by })))]).toEqual([
                  block.count,
                  block.by,
                ]);
              }
              return pieces;
            },
          });
          const tail = within(events, endOf(right.total), edges.upTo);
          const total = compact((tail.length > 24 && folded(right.total, tail, 8, edges)) || right.total);
          const { leaving, from } = total;
          expect(leaving?.upTo ?? from).toBeGreaterThanOrEqual(from);
          expect(lumpOf(total)).toBe(sumOf(within(events, leaving?.upTo ?? from, endOf(total))));
          if (leaving)
            expect(within([...leaving.amounts], from, leaving.upTo)).toEqual(within(events, from, leaving.upTo));
          return shelved(whose, new Map([['key', total]]), written);
        }

        for (const { what, hours, much, place, ends } of [first, ...steps]) {
          const late: Range[] = [];
          const behind = ends === 'behind' ? await look([]) : undefined;
          if (what === 'follow') {
            for (let n = 0; n < much; n += 1) events.push({ at: (now += minute), by: 1n });
          } else {
            const anywhere = events[Math.floor(place * (events.length - 1))]?.at ?? now;
            const next = Math.floor(now + (hours - 60 + place * 6) * hour);
            const begins = what === 'late' ? anywhere : Math.min(now, next);
            const added = Array.from({ length: much }, (_, n) => ({ at: Math.min(now, begins + n * 7_000), by: 10n }));
            late.push({ from: begins, to: added.at(-1)?.at ?? begins });
            events.push(...added);
            events.sort((a, b) => a.at - b.at);
          }
          now += hours * hour;
          const { totals, beside } = await look(late);
          await ports.store.writeMany(beside);
          if (ends === 'crashed') {
            // Whoever finds the message again looks at the same.
            const again = await look(late);
            await ports.store.writeMany(again.beside);
            written = totalsOf(textOf(again.totals));
          } else written = totalsOf(textOf(totals));
          if (behind) await ports.store.writeMany(behind.beside);
        }
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 100) },
  );
  expect(fromPieces).toBeGreaterThan(50);
});
