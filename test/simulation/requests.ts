// The request documents that the simulations send.
import { startedBy } from '../support/shop.ts';

type Bag = Record<string, unknown>;

export const event = (
  person: Bag,
  told: { metric: string; unique_id: string; time?: string; value?: number; properties?: Bag },
) => {
  const { metric, properties = {}, ...rest } = told;
  return {
    data: {
      type: 'event',
      attributes: {
        properties,
        ...rest,
        metric: { data: { type: 'metric', attributes: { name: metric } } },
        profile: { data: { type: 'profile', attributes: person } },
      },
    },
  };
};

/** A bulk job of events, those of each person together. */
export const bulk = (
  groups: readonly {
    person: Bag;
    events: readonly { metric: string; unique_id: string; time: string; value: number }[];
  }[],
) => ({
  data: {
    type: 'event-bulk-create-job',
    attributes: {
      'events-bulk-create': {
        data: groups.map(({ person, events }) => ({
          type: 'event-bulk-create',
          attributes: {
            profile: { data: { type: 'profile', attributes: person } },
            events: {
              data: events.map(({ metric, ...rest }) => ({
                type: 'event',
                attributes: {
                  properties: {},
                  ...rest,
                  metric: { data: { type: 'metric', attributes: { name: metric } } },
                },
              })),
            },
          },
        })),
      },
    },
  },
});

export const profile = (attributes: Bag, id?: string) => ({
  data: { type: 'profile', ...(id !== undefined && { id }), attributes },
});

export const merge = (destination: string, source: string) => ({
  data: {
    type: 'profile-merge',
    id: destination,
    relationships: { profiles: { data: [{ type: 'profile', id: source }] } },
  },
});

export const list = (name: string, optIn = 'single_opt_in') => ({
  data: { type: 'list', attributes: { name, opt_in_process: optIn } },
});

/** Forgets a person, named by one of these. */
export const deletion = (named: { id?: string; email?: string; phone_number?: string }) => {
  const { id, ...attributes } = named;
  return {
    data: {
      type: 'data-privacy-deletion-job',
      attributes: { profile: { data: { type: 'profile', ...(id !== undefined && { id }), attributes } } },
    },
  };
};

export const imports = (rows: readonly Bag[], listId?: string) => ({
  data: {
    type: 'profile-bulk-import-job',
    attributes: { profiles: { data: rows.map((attributes) => ({ type: 'profile', attributes })) } },
    ...(listId !== undefined && { relationships: { lists: { data: [{ type: 'list', id: listId }] } } }),
  },
});

export const members = (...ids: string[]) => ({ data: ids.map((id) => ({ type: 'profile', id })) });

const job = (type: string, consent: string, emails: readonly string[], listId: string | undefined) => ({
  data: {
    type,
    attributes: {
      profiles: {
        data: emails.map((email) => ({
          type: 'profile',
          attributes: { email, subscriptions: { email: { marketing: { consent } } } },
        })),
      },
    },
    ...(listId !== undefined && { relationships: { list: { data: { type: 'list', id: listId } } } }),
  },
});

export const subscription = (emails: readonly string[], listId?: string) =>
  job('profile-subscription-bulk-create-job', 'SUBSCRIBED', emails, listId);

export const unsubscription = (emails: readonly string[], listId?: string) =>
  job('profile-subscription-bulk-delete-job', 'UNSUBSCRIBED', emails, listId);

/** Did `metric` at least `count` times in the last `hours` hours. */
export const did = (metric: string, count: number, hours: number) => ({
  type: 'profile-metric',
  metric_id: metric,
  measurement: 'count',
  measurement_filter: { type: 'numeric', operator: 'greater-than-or-equal', value: count },
  timeframe_filter: { type: 'date', operator: 'in-the-last', unit: 'hour', quantity: hours },
});

export const likes = (colour: string) => ({
  type: 'profile-property',
  property: "properties['colour']",
  filter: { type: 'string', operator: 'equals', value: colour },
});

export const isOn = (listId: string, is: boolean) => ({
  type: 'profile-group-membership',
  group_ids: [listId],
  is_member: is,
});

export const mayBeMailed = (may: boolean) => ({
  type: 'profile-marketing-consent',
  consent: { channel: 'email', can_receive_marketing: may, consent_status: { subscription: 'any' } },
});

export interface Definition {
  condition_groups: { conditions: object[] }[];
}

export const definition = (...groups: object[][]): Definition => ({
  condition_groups: groups.map((conditions) => ({ conditions })),
});

export const segment = (name: string, what: Definition) => ({
  data: { type: 'segment', attributes: { name, definition: what } },
});

export const segmentChange = (id: string, what: Definition) => ({
  data: { type: 'segment', id, attributes: { definition: what } },
});

export const template = (html: string) => ({
  data: { type: 'template', attributes: { name: 'A template', editor_type: 'CODE', html } },
});

const email = (id: string, templateId: string) => ({
  temporary_id: id,
  type: 'send-email',
  links: { next: null },
  data: {
    status: 'live',
    message: {
      from_email: 'hello@example.org',
      from_label: 'Shop',
      subject_line: `Thank you (${id})`,
      template_id: templateId,
      smart_sending_enabled: false,
    },
  },
});

/** After `metric`: a delay, a split on the favourite colour, an email to either side. */
export const flow = (metric: string, templateId: string, minutes: number) =>
  startedBy(metric, 'wait', [
    {
      temporary_id: 'wait',
      type: 'time-delay',
      data: { unit: 'minutes', value: minutes },
      links: { next: 'split' },
    },
    {
      temporary_id: 'split',
      type: 'conditional-split',
      links: { next_if_true: 'red', next_if_false: 'other' },
      data: { profile_filter: definition([likes('red')]) },
    },
    email('red', templateId),
    email('other', templateId),
  ]);

/** After `metric`: an email at once. */
export const thanks = (metric: string, templateId: string) => startedBy(metric, 'mail', [email('mail', templateId)]);

export const flowStatus = (id: string, status: 'live' | 'draft') => ({
  data: { type: 'flow', id, attributes: { status } },
});
