// A table: the actions of a flow as they are stored and answered. Everything is filled in: no field is left to a default.
import type * as z from 'zod/mini';
import type { profileOperation } from './definition/changing.ts';
import type { Filter, OutputFilter, TriggerFilter } from './filter.ts';
import type { FlowAlert, FlowEmail, FlowPush, FlowSms, FlowWebhook, FlowWhatsApp } from './flow-messages.ts';
import type { Weekday } from './weekdays.ts';

export type Status = 'draft' | 'manual' | 'live' | 'disabled';

/** An action with one way on; null is the end of the flow. */
interface Step<Type extends string, Data> {
  id: string;
  type: Type;
  links: { next: string | null };
  data: Data;
}

/** An action with two ways on. */
interface Fork<Type extends string, Data> {
  id: string;
  type: Type;
  links: { next_if_true: string | null; next_if_false: string | null };
  data: Data;
}

// --- waiting --------------------------------------------------------------------------------------------------------

interface Until {
  /** `profile`, or the name of a time zone. */
  timezone: string;
  /** `09:30:00`, a wall clock in the time zone. */
  delay_until_time: string | null;
  delay_until_weekdays: Weekday[] | null;
}

export type TimeDelay = Step<
  'time-delay',
  Until & {
    unit: 'days' | 'hours' | 'minutes';
    value: number;
    /** Minutes beside hours. */
    secondary_value: number | null;
  }
>;

/** Until so long before the date of a date flow. */
export type CountdownDelay = Step<'countdown-delay', Until & { unit: 'days' | 'weeks' | 'months'; value: number }>;

/** Until the date of a date flow. */
export type TargetDate = Step<'target-date', { timezone: string; target_time: string; target_days: Weekday[] | null }>;

/** Until the variant is in stock that the person asked for. */
export interface BackInStockDelay {
  id: string;
  type: 'back-in-stock-delay';
  links: { next: string | null };
}

export type Delay = TimeDelay | CountdownDelay | TargetDate;

// --- splitting ------------------------------------------------------------------------------------------------------

/** Without a filter everyone takes the branch `next_if_true`. */
export type ConditionalSplit = Fork<'conditional-split', { profile_filter: Filter | null }>;

export type TriggerSplit = Fork<
  'trigger-split',
  { trigger_filter: TriggerFilter | null; trigger_id: string; trigger_type: string; trigger_subtype: string | null }
>;

export type ActionOutputSplit = Fork<'action-output-split', { action_output_filter: OutputFilter | null }>;

export interface Branch {
  branch_id: string;
  order: number;
  is_else: boolean;
  branch_filter: Filter | null;
  links: { next: string | null };
  name: string | null;
}

/** The first branch, in their order, whose filter the person passes; the one for everyone else comes last. */
export interface MultiBranchSplit {
  id: string;
  type: 'multi-branch-split';
  data: { name: string; branches: Branch[] };
}

// --- changing -------------------------------------------------------------------------------------------------------

/** What becomes of one property; dates are `2026-05-01` or `today`. */
export type ProfileOperation = z.infer<typeof profileOperation>;

export type UpdateProfile = Step<'update-profile', { profile_operations: ProfileOperation[]; status: Status }>;

/** `on_execution`: true puts the person on the list, false takes them off it. */
export type ListUpdate = Step<
  'list-update',
  { name: string; on_execution: boolean | null; list_id: string | null; status: Status }
>;

/** Kept as it was written, and passed over: nothing here runs it. */
export interface Code {
  id: string;
  type: 'code';
  links: { next: string | null };
  data?: unknown;
}
export type InternalService = Step<'internal-service', { service_configuration?: unknown; status: Status }>;

// --- sending --------------------------------------------------------------------------------------------------------

interface Sent<Message> {
  message: Message;
  status: Status;
}

export type SendEmail = Step<'send-email', Sent<FlowEmail>>;
export type SendSms = Step<'send-sms', Sent<FlowSms>>;
export type SendPush = Step<'send-mobile-push', Sent<FlowPush>>;
export type SendWhatsApp = Step<'send-whatsapp', Sent<FlowWhatsApp>>;
export type SendWebhook = Step<'send-webhook', Sent<FlowWebhook>>;
export type SendAlert = Step<'send-internal-alert', Sent<FlowAlert>>;

/** What sends one message. */
export type Send = SendEmail | SendSms | SendPush | SendWhatsApp | SendWebhook | SendAlert;

/** What is tried against the main action. */
interface Experiment<Variation> {
  id: string;
  name: string | null;
  variations: Variation[];
  /** The share of each action by its id, in percent. */
  allocations: Readonly<Record<string, number>>;
  started: string | null;
  winner_metric: string | null;
}

type Stage = 'draft' | 'live' | 'completed';

interface Trial<Action, Rest = unknown> {
  status: Status;
  experiment_status: Stage;
  /** What everyone gets when no experiment is live: the winner of a completed one. */
  main_action: Action;
  current_experiment: (Experiment<Action> & Rest) | null;
}

export interface WinnerSelection {
  enabled: boolean;
  automatic_end_date: string | null;
  automatic_end_statistical_certainty: boolean;
}

export type AbTest = Step<
  'ab-test',
  Trial<SendEmail | SendSms, { automatic_winner_selection_settings: WinnerSelection | null }>
>;
export type ContentExperiment = Step<'content-experiment', Trial<SendPush | SendWhatsApp>>;

export type Action =
  | AbTest
  | ActionOutputSplit
  | BackInStockDelay
  | Code
  | ConditionalSplit
  | ContentExperiment
  | CountdownDelay
  | InternalService
  | ListUpdate
  | MultiBranchSplit
  | Send
  | TargetDate
  | TimeDelay
  | TriggerSplit
  | UpdateProfile;
