// Events as conditions see them.
import { own } from '../../kernel/bag.ts';
import type { Instant } from '../../kernel/time.ts';
import { eventValue, matches } from './compare.ts';
import type { ProfileMetric } from './definition.ts';

export interface Occurrence {
  at: Instant;
  value: number;
  /** Absent when no condition looks at them. */
  properties?: Readonly<Record<string, unknown>>;
}

/** Whether an event passes all the filters of a condition or of a step of a funnel. */
export function passes(
  { metric_filters }: Pick<ProfileMetric, 'metric_filters'>,
  { properties = {} }: Occurrence,
): boolean {
  return (metric_filters ?? []).every(
    ({ property, filter }) => filter && matches(eventValue(own(properties, property)), filter),
  );
}
