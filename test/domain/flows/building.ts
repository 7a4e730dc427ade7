// Short ways to write flows down.
import type {
  Action,
  ConditionalSplit,
  DateTrigger,
  Definition,
  Flow,
  SendEmail,
  Status,
  TimeDelay,
} from '../../../shared/domain/flows/definition.ts';
import type { Filter } from '../../../shared/domain/flows/filter.ts';

export const delay = (id: string, next: string | null, data: Partial<TimeDelay['data']> = {}): TimeDelay => ({
  id,
  type: 'time-delay',
  links: { next },
  data: {
    unit: 'hours',
    value: 1,
    secondary_value: null,
    timezone: 'profile',
    delay_until_time: null,
    delay_until_weekdays: null,
    ...data,
  },
});

export const split = (id: string, yes: string | null, no: string | null, filter: Filter | null): ConditionalSplit => ({
  id,
  type: 'conditional-split',
  links: { next_if_true: yes, next_if_false: no },
  data: { profile_filter: filter },
});

export const email = (
  id: string,
  next: string | null,
  status: Status = 'live',
  message: Partial<SendEmail['data']['message']> = {},
): SendEmail => ({
  id,
  type: 'send-email',
  links: { next },
  data: {
    status,
    message: {
      id: `m-${id}`,
      name: null,
      from_email: null,
      from_label: null,
      reply_to_email: null,
      cc_email: null,
      bcc_email: null,
      subject_line: 'Hello',
      preview_text: null,
      template_id: 'TMPL01',
      smart_sending_enabled: true,
      transactional: false,
      add_tracking_params: false,
      custom_tracking_params: null,
      additional_filters: null,
      ...message,
    },
  },
});

/** A flow of these actions, entered at the first of them. */
export const definition = (actions: Action[], rest: Partial<Definition> = {}): Definition => ({
  triggers: [{ type: 'metric', id: 'METRIC', trigger_filter: null }],
  profile_filter: null,
  actions,
  entry_action_id: actions[0]?.id ?? null,
  reentry_criteria: { unit: 'alltime', duration: 0 },
  ...rest,
});

export const flow = (actions: Action[], rest: Partial<Definition> = {}, status: Flow['status'] = 'live'): Flow => ({
  id: 'FLOW01',
  version: 1,
  name: 'A flow',
  status,
  created: '2026-01-01T00:00:00.000Z',
  updated: '2026-01-01T00:00:00.000Z',
  definition: definition(actions, rest),
  removed: {},
});

/** A filter that only its identity tells apart; what passes it, the facts of a test say. */
export const someFilter = (): Filter => ({ condition_groups: [] });

/** An action with one way on, of any type, with its data. */
export const act = (type: Action['type'], id: string, next: string | null, data: object): Action =>
  ({ id, type, links: { next }, data }) as unknown as Action;

/** A date flow: three days before the date at nine, in the person's time zone. */
export const dated = (rest: Partial<DateTrigger> = {}): Pick<Definition, 'triggers'> => ({
  triggers: [
    {
      type: 'date',
      date_field_type: 'profile-property',
      date_profile_property: 'birthday',
      timedelta_unit_before_date: 'days',
      timedelta_value_before_date: 3,
      recurrence_frequency: 'annually',
      timezone: 'profile',
      trigger_time: '09:00:00',
      trigger_days: null,
      ...rest,
    },
  ],
});
