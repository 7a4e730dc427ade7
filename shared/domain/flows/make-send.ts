// From what a caller wrote of messages and experiments to what is stored.
import { refuse } from '../../kernel/errors.ts';
import type { Action, Send, Trigger } from './definition.ts';
import { admitFilter } from './filter.ts';
import type { RequestedAction } from './requested.ts';

/** What an action takes over from its flow while it is made. */
export interface Making {
  id: string;
  toId: (name: string | null | undefined) => string | null;
  newId: () => string;
  at: string;
  /** What starts the flow, and the metric where it is one. */
  trigger: Trigger['type'];
  metric?: string;
  /** The ids that the action and what is in it may have already: those of the action that it changes. */
  known: ReadonlySet<string>;
}

type RequestedSend = Extract<RequestedAction, { type: Send['type'] }>;
type RequestedTrial = Extract<RequestedAction, { type: 'ab-test' | 'content-experiment' }>;

/** What sends one message. Those in an experiment lead nowhere by themselves. */
export function makeSend(action: RequestedSend, making: Making): Send {
  const { data } = action;
  const message = messageOf(action.type, data?.message ?? {}, making);
  const made = {
    id: making.id,
    type: action.type,
    links: { next: null },
    data: { message, status: data?.status ?? 'draft' },
  };
  // The type chose the message's form when it was parsed.
  return made as unknown as Send;
}

/** An experiment with the actions in it. */
export function makeTrial(
  action: RequestedTrial,
  making: Making,
): Omit<Extract<Action, { type: RequestedTrial['type'] }>, 'links'> {
  const { status = 'draft', experiment_status, main_action, current_experiment: asked } = action.data;
  const at = `${making.at}/data`;
  const ids = new Map<string, string>();
  const part = (one: RequestedSend, where: string) => {
    const id = idFor(one.id, making, `${where}/id`);
    for (const name of [one.id, one.temporary_id]) if (name !== null && name !== undefined) ids.set(name, id);
    return makeSend(one, { ...making, id, at: where });
  };
  const main = part(main_action, `${at}/main_action`);
  const data = {
    status,
    experiment_status: experiment_status ?? 'draft',
    main_action: main,
    current_experiment: asked ? experimentOf(asked, making, `${at}/current_experiment`, part, ids) : null,
  };
  return { id: making.id, type: action.type, data } as never;
}

type RequestedExperiment = NonNullable<RequestedTrial['data']['current_experiment']>;

function experimentOf(
  asked: RequestedExperiment,
  making: Making,
  at: string,
  part: (one: RequestedSend, where: string) => Send,
  ids: ReadonlyMap<string, string>,
) {
  return {
    ...asked,
    id: idFor(asked.id, making, `${at}/id`),
    name: asked.name ?? null,
    variations: asked.variations.map((one, index) => part(one as RequestedSend, `${at}/variations/${index}`)),
    allocations: allocationsOf(asked.allocations ?? {}, ids, `${at}/allocations`),
    started: asked.started ?? null,
    winner_metric: asked.winner_metric ?? null,
  };
}

/** New parts have no id yet; changed ones keep theirs. */
function idFor(id: string | null | undefined, { known, newId }: Making, at: string): string {
  if (id === null || id === undefined) return newId();
  if (!known.has(id)) throw refuse('invalid', 'New parts have no id yet: name them with temporary_id.', at);
  return id;
}

function allocationsOf(
  asked: Readonly<Record<string, unknown>>,
  ids: ReadonlyMap<string, string>,
  at: string,
): Record<string, number> {
  const shares = Object.entries(asked).map(([name, share]) => {
    const id = ids.get(name);
    if (id === undefined) throw refuse('invalid', `No action of the experiment is named ${name}.`, at);
    if (typeof share !== 'number' || share < 0 || share > 100) {
      throw refuse('invalid', 'Each share is a percentage from 0 to 100.', at);
    }
    return [id, share] as const;
  });
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  if (shares.length > 0 && Math.abs(sum - 100) > 0.01) throw refuse('invalid', 'The shares add up to 100.', at);
  return Object.fromEntries(shares);
}

const headers = ['from_email', 'from_label', 'reply_to_email', 'cc_email', 'bcc_email', 'subject_line'] as const;

const gated = { smart_sending_enabled: true };

/** What each kind of message says where nothing is said. */
const defaults = {
  'send-email': {
    from_email: null,
    from_label: null,
    reply_to_email: null,
    cc_email: null,
    bcc_email: null,
    subject_line: null,
    preview_text: null,
    template_id: null,
    ...gated,
    transactional: false,
    add_tracking_params: false,
    custom_tracking_params: null,
  },
  'send-sms': {
    body: '',
    ...gated,
    shorten_links: true,
    add_org_prefix: true,
    add_opt_out_language: false,
    sms_quiet_hours_enabled: true,
    transactional: false,
  },
  'send-mobile-push': { body: '', ...gated },
  'send-whatsapp': { ...gated, transactional: false },
  'send-webhook': {},
  'send-internal-alert': {},
} as const satisfies Record<Send['type'], object>;

const isBroken = (value: unknown) => typeof value === 'string' && /\p{Cc}/u.test(value);

function messageOf(type: Send['type'], asked: object, making: Making): object {
  const at = `${making.at}/data/message`;
  const message = asked as Readonly<Record<string, unknown>> & { id?: string | null; name?: string | null };
  // What becomes a header of the email stands on one line: a line break would begin another header.
  const broken = headers.find((field) => isBroken(message[field]));
  if (broken) throw refuse('invalid', 'Must be one line without control characters.', `${at}/${broken}`);
  const said = Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined));
  const { additional_filters: filters } = message as { additional_filters?: Parameters<typeof admitFilter>[0] };
  return {
    ...defaults[type],
    ...said,
    id: idFor(message.id, making, `${at}/id`),
    name: message.name ?? null,
    ...('smart_sending_enabled' in defaults[type] && {
      additional_filters: admitFilter(filters ?? null, `${at}/additional_filters`),
    }),
  };
}
