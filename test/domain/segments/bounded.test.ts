// What a new event costs however long the history is: every form of timeframe, of what is measured, with filters and without.
import { describe, expect, it } from 'vitest';
import type { BuiltCondition, Definition, ProfileMetric } from '../../../shared/domain/segments/index.ts';
import { day, iso, minute, sortable } from '../../../shared/kernel/time.ts';
import { setting, start } from './worker.ts';

const timeframes: readonly ProfileMetric['timeframe_filter'][] = [
  { type: 'date', operator: 'alltime' },
  { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
  { type: 'date', operator: 'at-least', unit: 'hour', quantity: 1 },
  { type: 'date', operator: 'between', unit: 'hour', start: 1, end: 500 },
  { type: 'date', operator: 'after', date: iso(start - 20 * day) },
  { type: 'date', operator: 'before', date: iso(start - minute) },
  { type: 'date', operator: 'between-static', start: iso(start - 20 * day), end: iso(start + day) },
];

const anniversaries: readonly ProfileMetric['timeframe_filter'][] = [
  { type: 'date', operator: 'anniversary-last', unit: 'day', quantity: 30 },
  { type: 'date', operator: 'anniversary-next', unit: 'day', quantity: 30 },
];

type Measured = Pick<ProfileMetric, 'measurement' | 'measurement_filter' | 'metric_filters'>;
const atLeast = (value: number) => ({ type: 'numeric', operator: 'greater-than-or-equal', value }) as const;
const passing = [{ property: 'a', filter: { type: 'numeric', operator: 'equals', value: 1 } }] as const;

const measures = {
  existence: { measurement: 'count', measurement_filter: atLeast(1) },
  'that there was none': { measurement: 'count', measurement_filter: { ...atLeast(0), operator: 'equals' } },
  'a count of a few': { measurement: 'count', measurement_filter: atLeast(5) },
  'a count of thousands': { measurement: 'count', measurement_filter: atLeast(100_000) },
  'a sum': { measurement: 'sum', measurement_filter: atLeast(1e9) },
  'a filtered count': { measurement: 'count', measurement_filter: atLeast(5), metric_filters: [...passing] },
  'a filtered sum': { measurement: 'sum', measurement_filter: atLeast(1e9), metric_filters: [...passing] },
} as const satisfies Record<string, Measured>;

type Funnel = Extract<BuiltCondition, { type: 'profile-metric-funnel' }>;

const funnelTimeframes: readonly Funnel['timeframe_filter'][] = [
  { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 30 },
  { type: 'date', operator: 'at-least', unit: 'hour', quantity: 1 },
  { type: 'date', operator: 'between', unit: 'hour', start: 1, end: 500 },
  { type: 'date', operator: 'between-static', start: iso(start - 20 * day), end: iso(start + day) },
];

const did = { metric_id: 'Order1', metric_exists: true };
const never = { metric_id: 'Other1', metric_exists: true };
const not = { metric_id: 'Other1', metric_exists: false };

/** Somebody who only ever did `Order1`. */
const funnels = {
  'that nobody came through': { steps: [did, did, never], completion_window_seconds: null },
  'that everybody comes through': { steps: [did, did, did], completion_window_seconds: 'DAYS_1' },
  'with a step that must not follow': { steps: [did, not], completion_window_seconds: 'HOURS_1' },
  'with filters': { steps: [{ ...did, metric_filters: [...passing] }, never], completion_window_seconds: 'DAYS_3' },
} satisfies Record<string, Pick<Funnel, 'steps' | 'completion_window_seconds'>>;

const successive = 16;

/** Mean units of a new event, of each of 16, for somebody with such a history; one segment for each condition. */
async function costOf(conditions: readonly BuiltCondition[], history: number, years = 1) {
  const { person, event, segment, deliver, look, spent, clock } = setting();
  for (const condition of conditions) {
    const definition: Definition = { condition_groups: [{ conditions: [condition] }] };
    await segment(definition);
  }
  const p = await person('p');
  for (let n = history; n > 0; n -= 1) {
    await event(p, 'Order1', start - n * minute - (n % years) * 365 * day, String(n), 1);
  }
  const tell = (at: number) => {
    const time = sortable(at);
    return deliver(look(p, { metrics: ['Order1'], newest: time, span: { from: time, to: time } }));
  };
  expect(await tell(start)).toEqual([]);
  const total = { read: 0, write: 0 };
  for (let n = 1; n <= successive; n += 1) {
    clock.advance(minute);
    await event(p, 'Order1', clock.now(), `new ${n}`, 1);
    [spent.read, spent.write] = [0, 0];
    expect(await tell(clock.now())).toEqual([]);
    total.read += spent.read;
    total.write += spent.write;
  }
  return { read: total.read / successive, write: total.write / successive };
}

async function expectTheSame(conditions: readonly BuiltCondition[], years?: number) {
  const [short, long] = [await costOf(conditions, 60, years), await costOf(conditions, 1200, years)];
  // What is kept of a longer history may be a little longer, never what is read of it.
  expect(long.read).toBeLessThanOrEqual(short.read * 1.25 + 0.5);
  expect(long.write).toBeLessThanOrEqual(short.write * 1.25 + 0.5);
}

describe('a new event costs the same whatever the history', () => {
  it.each(Object.entries(measures))('of %s, in every timeframe', async (_, measured) => {
    const common = { type: 'profile-metric', metric_id: 'Order1' } as const;
    await expectTheSame(timeframes.map((timeframe_filter) => ({ ...common, timeframe_filter, ...measured })));
  });

  it.each(['existence', 'a sum', 'a filtered sum'] as const)('of %s, on anniversaries of three years', async (name) => {
    const measured: Measured = measures[name];
    const common = { type: 'profile-metric', metric_id: 'Order1' } as const;
    await expectTheSame(
      anniversaries.map((timeframe_filter) => ({ ...common, timeframe_filter, ...measured })),
      3,
    );
  });

  it.each(Object.entries(funnels))('of a funnel %s, in every timeframe', async (_, funnel) => {
    const common = { type: 'profile-metric-funnel', ...funnel } as const;
    await expectTheSame(funnelTimeframes.map((timeframe_filter) => ({ ...common, timeframe_filter })));
  });
});
