import { type Instant, sortable } from '../../kernel/time.ts';
import { compare } from './compare.ts';
import type { BuiltCondition, Definition, MetricFunnel } from './definition.ts';
import { type Timeframe, reachOf } from './windows.ts';

/** Whom to look at to find the members of a segment: nobody else can be one. */
export type Driver =
  | { kind: 'everyone' }
  | { kind: 'list'; list: string }
  | { kind: 'metric'; metric: string; range: { from?: string; to?: string } };

/** The cheapest driver: a list or a metric's feed when a whole group demands it, otherwise all profiles. */
export function driverOf({ condition_groups }: Definition, now: Instant): Driver {
  const demanded = condition_groups.flatMap(({ conditions: [only, ...others] }) =>
    only && others.length === 0 ? (demandOf(only, now) ?? []) : [],
  );
  const rank = (driver: Driver) => (driver.kind === 'list' ? 0 : 1);
  return demanded.sort((a, b) => rank(a) - rank(b))[0] ?? { kind: 'everyone' };
}

/** The driver that a condition demands; undefined when it can also hold of others, now or later. */
function demandOf(condition: BuiltCondition, now: Instant): Driver | undefined {
  if (condition.type === 'profile-group-membership') {
    const [list, ...more] = condition.group_ids;
    return condition.is_member && list !== undefined && more.length === 0 ? { kind: 'list', list } : undefined;
  }
  if (condition.type === 'profile-metric-funnel') return demandOfFunnel(condition, now);
  if (condition.type !== 'profile-metric') return undefined;
  const { operator, value } = condition.measurement_filter;
  // What holds of nothing holds of profiles without an event.
  if (compare(operator, 0, value)) return undefined;
  return feedOf(condition.metric_id, condition.timeframe_filter, now);
}

/** Who went through a funnel has done its last wanted step, which is done less often than those before. */
function demandOfFunnel({ steps, timeframe_filter }: MetricFunnel, now: Instant): Driver | undefined {
  const last = steps.findLast(({ metric_exists }) => metric_exists);
  return last && feedOf(last.metric_id, timeframe_filter, now);
}

function feedOf(metric: string, timeframe: Timeframe, now: Instant): Driver {
  const { from, to } = reachOf(timeframe, now);
  const range = { ...(from !== undefined && { from: sortable(from) }), ...(to !== undefined && { to: sortable(to) }) };
  return { kind: 'metric', metric, range };
}
