// Totals of histories so long that their blocks are kept in pieces: whatever comes late, leaves, or is written by two at once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProfileMetric } from '../../../shared/domain/segments/index.ts';
import { type Amount, type Block, countOf } from '../../../shared/domain/segments/blocks.ts';
import { type Shelved, opened, shelved } from '../../../shared/domain/segments/pieces.ts';
import type { Whose } from '../../../shared/domain/segments/read-events.ts';
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
import { removalOf } from '../../../shared/storage/store.ts';
import { account, setting, start } from './worker.ts';

type Timeframe = ProfileMetric['timeframe_filter'];

const timeframes: readonly Timeframe[] = [
  { type: 'date', operator: 'alltime' },
  { type: 'date', operator: 'in-the-last', unit: 'hour', quantity: 60 },
  { type: 'date', operator: 'between', unit: 'hour', start: 5, end: 60 },
  { type: 'date', operator: 'at-least', unit: 'hour', quantity: 5 },
];

interface Step {
  /** `much` events follow on each other, or come late at this place of the history, or where it leaves next. */
  what: 'follow' | 'late' | 'leaves next';
  much: number;
  place: number;
  /** Then so much time passes, and somebody looks. */
  hours: number;
  /** Whoever looks crashes before the total is written; or somebody else is behind, who has seen what was true before. */
  ends: 'well' | 'crashed' | 'behind';
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('follow', 'late', 'late', 'leaves next'),
  hours: fc.constantFrom(0, 0, 1, 8, 20),
  much: fc.constantFrom(1, 1, 3, 40, 700),
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  ends: fc.constantFrom('well', 'well', 'well', 'crashed', 'behind'),
});

const first: Step = { what: 'follow', hours: 0, much: 1, place: 0, ends: 'well' };

const sumOf = (events: readonly Amount[]) => events.reduce((sum, { by }) => sum + by, 0n);
const within = (events: readonly Amount[], after: number, upTo: number) =>
  events.filter(({ at }) => at > after && at <= upTo);

/** Somebody with so many events a minute apart, of whom one total is kept. */
class Somebody {
  now = start;
  written = new Map<string, Total>();
  /** How many blocks were opened. */
  opened = 0;
  private events: readonly Amount[];
  private readonly timeframe: Timeframe;
  private readonly whose: Whose;

  constructor(whose: Whose, timeframe: Timeframe, length: number) {
    this.whose = whose;
    this.timeframe = timeframe;
    this.events = Array.from({ length }, (_, n) => ({ at: start - (length - n) * minute, by: 1n }));
  }

  happen(added: readonly Amount[]): void {
    this.events = [...this.events, ...added].sort((a, b) => a.at - b.at);
  }

  /** The time of the event at this place of the history. */
  placeAt(place: number): number {
    return this.events[Math.floor(place * (this.events.length - 1))]?.at ?? this.now;
  }

  /** What a look finds out, and what it writes beside the total. */
  async look(late: readonly Range[]): ReturnType<typeof shelved> {
    const edges = edgesOf(this.timeframe, this.now);
    const known = this.written.get('key');
    const right = await brought(known ?? { from: edges.after, blocks: [] }, edges, known ? late : [], {
      recount: async (after, upTo) => within(this.events, after, upTo),
      open: (block) => this.open(block),
    });
    const tail = within(this.events, endOf(right.total), edges.upTo);
    const total = compact((tail.length > 24 && folded(right.total, tail, 8, edges)) || right.total);
    this.check(total);
    return shelved(this.whose, new Map([['key', total]]), this.written);
  }

  private async open(block: Block): Promise<readonly Block[]> {
    const pieces = await opened(this.whose, 'key', block);
    if (pieces.length > 1) this.opened += 1;
    expect([countOf(pieces), pieces.reduce((sum, { by }) => sum + by, 0n)]).toEqual([block.count, block.by]);
    return pieces;
  }

  private check(total: Total): void {
    const { leaving, from } = total;
    const begins = leaving?.upTo ?? from;
    expect(begins).toBeGreaterThanOrEqual(from);
    expect(lumpOf(total)).toBe(sumOf(within(this.events, begins, endOf(total))));
    expect(within(leaving?.amounts ?? [], from, begins)).toEqual(within(this.events, from, begins));
  }
}

/** Where the events of a step begin that come late. */
function placeOf(somebody: Somebody, { what, hours, place }: Step): number {
  const next = Math.floor(somebody.now + (hours - 60 + place * 6) * hour);
  return what === 'late' ? somebody.placeAt(place) : Math.min(somebody.now, next);
}

/** Makes a step's events happen; where those lie that come late. */
function happen(somebody: Somebody, step: Step): Range[] {
  const { what, much } = step;
  const numbers = Array.from({ length: much }, (_, n) => n);
  if (what === 'follow') {
    somebody.happen(numbers.map(() => ({ at: (somebody.now += minute), by: 1n })));
    return [];
  }
  const begins = placeOf(somebody, step);
  const added = numbers.map((n) => ({ at: Math.min(somebody.now, begins + n * 7_000), by: 10n }));
  somebody.happen(added);
  return [{ from: begins, to: added.at(-1)?.at ?? begins }];
}

test('totals in pieces say what the events say: late, leaving, after a crash, with pieces that others removed', async () => {
  const { ports } = setting();
  let [people, openings] = [0, 0];
  const removed = ({ gone }: Shelved) => ports.store.writeMany(gone.map(removalOf));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...timeframes, ...timeframes.slice(1, 3)),
      fc.constantFrom(300, 6000, 12_000),
      fc.array(step, { minLength: 3, maxLength: 14 }),
      async (timeframe, length, steps) => {
        const somebody = new Somebody({ ports, account, profile: `p${(people += 1)}` }, timeframe, length);
        for (const one of [first, ...steps]) {
          const behind = one.ends === 'behind' ? await somebody.look([]) : undefined;
          const late = happen(somebody, one);
          somebody.now += one.hours * hour;
          const found = await somebody.look(late);
          await removed(found);
          // Whoever finds the message again looks at the same.
          const done = one.ends === 'crashed' ? await somebody.look(late) : found;
          await removed(done);
          await ports.store.writeMany(done.puts);
          somebody.written = totalsOf(textOf(done.totals));
          // Whoever is behind finds another state, and writes nothing but this.
          if (behind) await removed(behind);
        }
        openings += somebody.opened;
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 100) },
  );
  expect(openings).toBeGreaterThan(50);
});
