import { describe, expect, it } from 'vitest';
import { fitting } from '../../../shared/domain/segments/fitting.ts';
import { type Kept, nothingKept } from '../../../shared/domain/segments/heads.ts';
import type { BuiltCondition } from '../../../shared/domain/segments/index.ts';
import { minute, sortable } from '../../../shared/kernel/time.ts';
import { totalsKey } from '../../../shared/storage/patterns.ts';
import { sizeOf } from '../../../shared/storage/size.ts';
import { account, setting, start } from './worker.ts';

const total = (count: number) => ({ from: 0, blocks: [{ upTo: 1000, count, by: 1n }] });
const kept = (counts: Readonly<Record<string, number>>): Kept => ({
  totals: new Map(Object.entries(counts).map(([key, count]) => [key, total(count)])),
  trails: new Map(),
});

/** Who spent so much on something of some kind: of each kind there is a total of its own. */
const spentOn = (kind: number): BuiltCondition => ({
  type: 'profile-metric',
  metric_id: 'Order1',
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'greater-than', value: 60 + (kind % 7) },
  timeframe_filter: { type: 'date', operator: 'alltime' },
  metric_filters: [
    { property: 'a', filter: { type: 'numeric', operator: kind === 0 ? 'equals' : 'not-equals', value: kind + 1 } },
  ],
});

describe('what is kept of one person', () => {
  const size = 30;

  it('stays whole when it fits', () => {
    const all = kept({ a: 1, b: 2 });
    expect(fitting(all, nothingKept)).toBe(all);
  });

  it('is what was kept before, and then what counts the most events', () => {
    const { totals } = fitting(kept({ few: 10, before: 5, many: 99, more: 50 }), kept({ before: 1 }), 3 * size);
    expect([...totals.keys()].sort()).toEqual(['before', 'many', 'more']);
  });

  it('fits into one item when very many segments count one metric, and all of them are right', async () => {
    const { ports, person, event, deliver, look, segment, member } = setting();
    // 340 bytes of each.
    const conditions = Array.from({ length: 1200 }, (_, kind) => spentOn(kind));
    const ids: string[] = [];
    for (let from = 0; from < conditions.length; from += 100) {
      // A segment has at most ten conditions in a group.
      const groups = Array.from({ length: 10 }, (_, n) => conditions.slice(from + 10 * n, from + 10 * n + 10));
      const made = await segment({ condition_groups: groups.map((some) => ({ conditions: some })) });
      ids.push(made.id);
    }
    const p = await person('p');
    const happen = async (from: number, count: number, name: string) => {
      for (let n = 0; n < count; n += 1) await event(p, 'Order1', from + n * minute, `${name} ${n}`, 1);
      const at = (n: number) => sortable(from + n * minute);
      const span = { from: at(0), to: at(count - 1) };
      expect(await deliver(look(p, { metrics: ['Order1'], newest: span.to, span }))).toEqual([]);
    };
    await happen(start - 300 * minute, 250, 'old');
    const item = await ports.store.get(totalsKey(account, p));
    expect(sizeOf({ ...item! })).toBeLessThan(400_000);
    expect(sizeOf({ ...item! })).toBeGreaterThan(250_000);
    expect(await Promise.all(ids.map(async (id) => (await member(p, id)) !== undefined))).toEqual(ids.map(() => true));
    // What did not fit is not tried again with each look.
    await happen(start - 10 * minute, 1, 'new');
    expect(await ports.store.get(totalsKey(account, p))).toEqual(item);
  });
});
