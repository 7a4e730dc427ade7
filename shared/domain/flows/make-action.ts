// From an action that a caller wrote to the one that is stored.
import { refuse } from '../../kernel/errors.ts';
import { timeOfDay } from '../../kernel/zone.ts';
import type { Action, ConditionalSplit, FlowEmail, SendEmail, TimeDelay } from './definition.ts';
import { admitFilter } from './filter.ts';
import type { RequestedAction, RequestedDelay, RequestedEmail, RequestedSplit } from './requested.ts';

/** What an action takes over from its flow while it is made. */
export interface Making {
  id: string;
  toId: (name: string | null | undefined) => string | null;
  newId: () => string;
  at: string;
}

/** An action as it is stored, everything filled in. Refuses what is not built yet. */
export function makeAction(action: RequestedAction, making: Making): Action {
  const maker = Object.hasOwn(makers, action.type) ? makers[action.type as keyof typeof makers] : undefined;
  if (!maker) {
    throw refuse('not_allowed', `Actions of the type ${action.type} are not built yet.`, `${making.at}/type`);
  }
  return (maker as (action: RequestedAction, making: Making) => Action)(action, making);
}

const makers = {
  'time-delay': ({ links, data }: RequestedDelay, { id, toId, at }): TimeDelay => {
    const { unit = 'days', value, secondary_value = null, timezone = 'profile', delay_until_time: time = null } = data;
    const days = data.delay_until_weekdays ?? null;
    if (time !== null && timeOfDay(time) === undefined) {
      throw refuse('invalid', 'Must be a time of day such as 09:30:00.', `${at}/data/delay_until_time`);
    }
    if (secondary_value !== null && unit !== 'hours') {
      throw refuse('invalid', 'Minutes stand only beside hours.', `${at}/data/secondary_value`);
    }
    const until = { delay_until_time: time, delay_until_weekdays: days && days.length > 0 ? days : null };
    return {
      id,
      type: 'time-delay',
      links: { next: toId(links?.next) },
      data: { unit, value, secondary_value, timezone, ...until },
    };
  },

  'conditional-split': ({ links, data }: RequestedSplit, { id, toId, at }): ConditionalSplit => ({
    id,
    type: 'conditional-split',
    links: { next_if_true: toId(links?.next_if_true), next_if_false: toId(links?.next_if_false) },
    data: { profile_filter: admitFilter(data?.profile_filter ?? null, `${at}/data/profile_filter`) },
  }),

  'send-email': ({ links, data }: RequestedEmail, { id, toId, newId, at }): SendEmail => ({
    id,
    type: 'send-email',
    links: { next: toId(links?.next) },
    data: { message: emailOf(data?.message ?? {}, newId(), `${at}/data/message`), status: data?.status ?? 'draft' },
  }),
} satisfies Record<Action['type'], (action: never, making: Making) => Action>;

type RequestedMessage = NonNullable<NonNullable<RequestedEmail['data']>['message']>;

const headers = ['from_email', 'from_label', 'reply_to_email', 'subject_line'] as const;

function emailOf(message: RequestedMessage, id: string, at: string): FlowEmail {
  const later = (['cc_email', 'bcc_email', 'add_tracking_params', 'custom_tracking_params'] as const).find(
    (field) => message[field] !== null && message[field] !== undefined && message[field] !== false,
  );
  if (later) throw refuse('not_allowed', `${later} is not built yet.`, `${at}/${later}`);
  if (message.id !== null && message.id !== undefined) {
    throw refuse('invalid', 'New messages have no id yet.', `${at}/id`);
  }
  // What becomes a header of the email stands on one line: a line break would begin another header.
  const broken = headers.find((field) => /\p{Cc}/u.test(message[field] ?? ''));
  if (broken) throw refuse('invalid', 'Must be one line without control characters.', `${at}/${broken}`);
  return {
    id,
    name: message.name ?? null,
    from_email: message.from_email ?? null,
    from_label: message.from_label ?? null,
    reply_to_email: message.reply_to_email ?? null,
    cc_email: null,
    bcc_email: null,
    subject_line: message.subject_line ?? null,
    preview_text: message.preview_text ?? null,
    template_id: message.template_id ?? null,
    smart_sending_enabled: message.smart_sending_enabled ?? true,
    transactional: message.transactional ?? false,
    add_tracking_params: false,
    custom_tracking_params: null,
    additional_filters: admitFilter(message.additional_filters ?? null, `${at}/additional_filters`),
  };
}
