// What is predicted of a person, and conditions on it. What is not known matches nothing, whatever is asked.
import { instantIn } from '../../jsonapi/instant.ts';
import type { Instant } from '../../kernel/time.ts';
import { matches } from './compare.ts';
import type { PredictiveAnalytics } from './definition.ts';
import { type Truth, always, within } from './timeline.ts';
import { spansOfDate } from './windows.ts';

/** By dimension, only what is known. */
export interface Predictions {
  readonly [dimension: string]: unknown;
  /** By channel: 1 is the best one; and how well it is liked. */
  readonly channel_affinity?: Readonly<Record<string, { priority: number; rank: string }>>;
}

/** The truth of a condition on predictions. */
export function ofPrediction(condition: PredictiveAnalytics, predicted: Predictions, now: Instant): Truth {
  if (condition.dimension === 'channel_affinity') {
    const value = predicted.channel_affinity?.[condition.predicted_channel]?.[condition.measurement];
    return always(value !== undefined && matches(value, condition.filter));
  }
  const value = predicted[condition.dimension];
  if (value === undefined || value === null) return always(false);
  if (condition.dimension !== 'expected_date_of_next_purchase') return always(matches(value, condition.filter));
  const at = typeof value === 'string' ? instantIn(value) : undefined;
  return at === undefined ? always(false) : within(spansOfDate(condition.filter, at, now), now);
}
