// What a flow is made of, as it is stored and answered. Everything is filled in: no field is left to a default.
import type * as z from 'zod/mini';
import type { Action } from './actions.ts';
import type { lowInventory, objectDate, priceDrop } from './definition/triggers.ts';
import type { Filter, TriggerFilter } from './filter.ts';
import type { Weekday } from './weekdays.ts';

export type * from './actions.ts';
export { type Weekday, weekdays } from './weekdays.ts';
export type { FlowEmail } from './flow-messages.ts';

export interface MetricTrigger {
  type: 'metric';
  id: string;
  trigger_filter: TriggerFilter | null;
}

/** People who join a list, or whom a change of facts brings into a segment. */
export interface GroupTrigger {
  type: 'list' | 'segment';
  id: string;
}

/** A date that a person has in a property comes near. */
export interface DateTrigger {
  type: 'date';
  date_field_type: 'profile-property';
  date_profile_property: string;
  timedelta_unit_before_date: 'days' | 'weeks' | 'months';
  timedelta_value_before_date: number;
  recurrence_frequency: 'never' | 'weekly' | 'monthly' | 'annually';
  /** `profile`, or the name of a time zone. */
  timezone: string;
  /** `09:30:00`, a wall clock in the time zone. */
  trigger_time: string;
  trigger_days: Weekday[] | null;
}

interface Audience {
  trigger_filter: TriggerFilter | null;
  timeframe_days: number;
}

/** The price of what people looked at falls. */
export type PriceDropTrigger = Omit<z.infer<typeof priceDrop>, keyof Audience | 'price_drop_amount_unit'> &
  Audience & { price_drop_amount_unit: 'currency' | 'percent' };

/** Little is left of what people looked at. */
export type LowInventoryTrigger = Omit<z.infer<typeof lowInventory>, keyof Audience> & Audience;

/** Custom objects: kept, and nobody comes in. */
export type ObjectTrigger = z.infer<typeof objectDate>;

export type Trigger =
  MetricTrigger | GroupTrigger | DateTrigger | PriceDropTrigger | LowInventoryTrigger | ObjectTrigger;

export interface Reentry {
  /** `alltime`: 0 is always, 1 is never again. Otherwise the smallest gap between two entries. */
  unit: 'alltime' | 'day' | 'hour' | 'week';
  duration: number;
}

export interface Definition {
  triggers: [Trigger];
  profile_filter: Filter | null;
  actions: Action[];
  entry_action_id: string | null;
  reentry_criteria: Reentry;
}

/** Where the people go who stand before an action that was taken out: on to another one, to the end, or out. */
export type WayOn = { next: string | null } | { leave: true };

export interface Flow {
  id: string;
  version: number;
  name: string;
  status: 'draft' | 'manual' | 'live';
  created: string;
  updated: string;
  definition: Definition;
  /** By the ids of actions that there are no more. */
  removed: Readonly<Record<string, WayOn>>;
}
