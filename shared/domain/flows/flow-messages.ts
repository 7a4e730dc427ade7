// A table: the messages of flows as they are stored and answered.
import type * as z from 'zod/mini';
import type { flowAlert, flowPush, flowSms, flowWebhook, flowWhatsApp } from './definition/messages.ts';
import type { Filter } from './filter.ts';

interface Named {
  id: string;
  name: string | null;
}

/** What goes to the person, and can be held back. */
interface Gated extends Named {
  smart_sending_enabled: boolean;
  additional_filters: Filter | null;
}

type TrackingParams = { param: string; value: string }[] | null;

export interface FlowEmail extends Gated {
  from_email: string | null;
  from_label: string | null;
  reply_to_email: string | null;
  cc_email: string | null;
  bcc_email: string | null;
  subject_line: string | null;
  preview_text: string | null;
  template_id: string | null;
  transactional: boolean;
  add_tracking_params: boolean;
  custom_tracking_params: TrackingParams;
}

/** What a caller wrote of a message, with what is filled in for it. */
type Filled<Requested, Rest> = Omit<Requested, keyof Rest> & Rest;

export type FlowSms = Filled<
  z.infer<typeof flowSms>,
  Gated & {
    shorten_links: boolean;
    add_org_prefix: boolean;
    add_opt_out_language: boolean;
    sms_quiet_hours_enabled: boolean;
    transactional: boolean;
  }
>;
export type FlowPush = Filled<z.infer<typeof flowPush>, Gated>;
export type FlowWhatsApp = Filled<z.infer<typeof flowWhatsApp>, Gated & { transactional: boolean }>;
export type FlowWebhook = Filled<z.infer<typeof flowWebhook>, Named>;
export type FlowAlert = Filled<z.infer<typeof flowAlert>, Named>;
