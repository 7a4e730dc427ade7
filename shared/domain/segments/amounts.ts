// What an event adds to what a condition measures.
import { derivedId } from '../../kernel/ids.ts';
import type { MetricFunnel, ProfileMetric } from './definition.ts';
import { type Occurrence, passes } from './occurrence.ts';

/** One, in millionths. */
export const oneWhole = 1_000_000n;

/** In millionths, so that sums are exact in any order. */
export function millionths(value: number): bigint {
  return BigInt(Math.trunc(value)) * oneWhole + BigInt(Math.round((value % 1) * 1_000_000));
}

/** In millionths; 0 when the event does not pass. */
export function amountOf(condition: ProfileMetric, occurrence: Occurrence): bigint {
  if (!passes(condition, occurrence)) return 0n;
  return condition.measurement === 'count' ? oneWhole : millionths(occurrence.value);
}

const keys = new WeakMap<ProfileMetric | MetricFunnel, string>();

/** The same for conditions that measure the same, whatever they compare it with. */
export function keyOf(condition: ProfileMetric | MetricFunnel): string {
  const key = keys.get(condition) ?? derivedId(8, JSON.stringify(partsOf(condition)));
  keys.set(condition, key);
  return key;
}

function partsOf(condition: ProfileMetric | MetricFunnel): unknown[] {
  if (condition.type === 'profile-metric-funnel') {
    const { timeframe_filter, completion_window_seconds, steps } = condition;
    return [timeframe_filter, completion_window_seconds, steps];
  }
  const { metric_id, measurement, timeframe_filter, metric_filters } = condition;
  return [metric_id, measurement, timeframe_filter, metric_filters ?? []];
}
