// What a flow is made of, as it is stored and answered. Everything is filled in: no field is left to a default.
import type { Filter, TriggerFilter } from './filter.ts';

export type Status = 'draft' | 'manual' | 'live' | 'disabled';

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof weekdays)[number];

export interface TimeDelay {
  id: string;
  type: 'time-delay';
  links: { next: string | null };
  data: {
    unit: 'days' | 'hours' | 'minutes';
    value: number;
    /** Minutes beside hours. */
    secondary_value: number | null;
    /** `profile`, or the name of a time zone. */
    timezone: string;
    /** `09:30:00`, a wall clock in the time zone. */
    delay_until_time: string | null;
    delay_until_weekdays: Weekday[] | null;
  };
}

export interface ConditionalSplit {
  id: string;
  type: 'conditional-split';
  links: { next_if_true: string | null; next_if_false: string | null };
  /** Without a filter everyone takes the branch `next_if_true`. */
  data: { profile_filter: Filter | null };
}

export interface FlowEmail {
  id: string;
  name: string | null;
  from_email: string | null;
  from_label: string | null;
  reply_to_email: string | null;
  cc_email: null;
  bcc_email: null;
  subject_line: string | null;
  preview_text: string | null;
  template_id: string | null;
  smart_sending_enabled: boolean;
  transactional: boolean;
  add_tracking_params: false;
  custom_tracking_params: null;
  additional_filters: Filter | null;
}

export interface SendEmail {
  id: string;
  type: 'send-email';
  links: { next: string | null };
  data: { message: FlowEmail; status: Status };
}

export type Action = TimeDelay | ConditionalSplit | SendEmail;

export interface MetricTrigger {
  type: 'metric';
  id: string;
  trigger_filter: TriggerFilter | null;
}

export interface Reentry {
  /** `alltime`: 0 is always, 1 is never again. Otherwise the smallest gap between two entries. */
  unit: 'alltime' | 'day' | 'hour' | 'week';
  duration: number;
}

export interface Definition {
  triggers: [MetricTrigger];
  profile_filter: Filter | null;
  actions: Action[];
  entry_action_id: string | null;
  reentry_criteria: Reentry;
}

export interface Flow {
  id: string;
  version: number;
  name: string;
  status: 'draft' | 'manual' | 'live';
  created: string;
  updated: string;
  definition: Definition;
}
