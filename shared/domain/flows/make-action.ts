// From an action that a caller wrote to the one that is stored: everything filled in.
import { refuse } from '../../kernel/errors.ts';
import { timeOfDay } from '../../kernel/zone.ts';
import type { Action, Branch, Weekday } from './definition.ts';
import { admitFilter } from './filter.ts';
import { type Making, makeSend, makeTrial } from './make-send.ts';
import type { Requested, RequestedAction } from './requested.ts';
import { admitOutputFilter, admitTriggerFilter } from './trigger-filter.ts';

export type { Making } from './make-send.ts';

/** An action as it is stored. */
export function makeAction(action: RequestedAction, making: Making): Action {
  return (makers[action.type] as (action: RequestedAction, making: Making) => Action)(action, making);
}

type Makers = {
  [T in Action['type']]: (action: Requested<T>, making: Making) => Extract<Action, { type: T }>;
};

interface Until {
  delay_until_time?: string | null | undefined;
  delay_until_weekdays?: Weekday[] | null | undefined;
}

function checkTime(time: string | null, at: string): void {
  if (time !== null && timeOfDay(time) === undefined) {
    throw refuse('invalid', 'Must be a time of day such as 09:30:00.', at);
  }
}

const someDays = (days: Weekday[] | null | undefined) => (days && days.length > 0 ? days : null);

function untilOf({ delay_until_time: time = null, delay_until_weekdays: days }: Until, at: string) {
  checkTime(time, `${at}/data/delay_until_time`);
  return { delay_until_time: time, delay_until_weekdays: someDays(days) };
}

function refuseWithoutDate({ trigger, at }: Making): void {
  if (trigger !== 'date')
    throw refuse('invalid', 'Only flows with a date trigger have a date to wait for.', `${at}/type`);
}

const nextOf = (action: { links?: { next?: string | null | undefined } | null | undefined }, { toId }: Making) => ({
  next: toId(action.links?.next),
});

interface Forked {
  links?: { next_if_true: string | null; next_if_false: string | null } | null | undefined;
}

const fork = ({ links }: Forked, { toId }: Making) => ({
  next_if_true: toId(links?.next_if_true),
  next_if_false: toId(links?.next_if_false),
});

/** Of the type that was asked for, which the compiler cannot follow. */
const send = (action: Parameters<typeof makeSend>[0], making: Making) =>
  ({ ...makeSend(action, making), links: nextOf(action, making) }) as never;
const trial = (action: Parameters<typeof makeTrial>[0], making: Making) =>
  ({ ...makeTrial(action, making), links: nextOf(action, making) }) as never;

const makers: Makers = {
  'time-delay': (action, making) => {
    const { id, at } = making;
    const { unit = 'days', value, secondary_value = null, timezone = 'profile', ...until } = action.data;
    // No minutes are none, beside whatever unit.
    if (secondary_value && unit !== 'hours') {
      throw refuse('invalid', 'Minutes stand only beside hours.', `${at}/data/secondary_value`);
    }
    const data = { unit, value, secondary_value, timezone, ...untilOf(until, at) };
    return { id, type: 'time-delay', links: nextOf(action, making), data };
  },

  'target-date': (action, making) => {
    refuseWithoutDate(making);
    const { timezone = 'profile', target_time = '00:00:00', target_days } = action.data;
    checkTime(target_time, `${making.at}/data/target_time`);
    const data = { timezone, target_time, target_days: someDays(target_days) };
    return { id: making.id, type: 'target-date', links: nextOf(action, making), data };
  },

  'countdown-delay': (action, making) => {
    refuseWithoutDate(making);
    const { unit = 'days', value = 0, timezone = 'profile', ...until } = action.data;
    const data = { unit, value, timezone, ...untilOf(until, making.at) };
    return { id: making.id, type: 'countdown-delay', links: nextOf(action, making), data };
  },

  'back-in-stock-delay': (action, making) => ({
    id: making.id,
    type: 'back-in-stock-delay',
    links: nextOf(action, making),
  }),

  'conditional-split': (action, making) => ({
    id: making.id,
    type: 'conditional-split',
    links: fork(action, making),
    data: { profile_filter: admitFilter(action.data?.profile_filter ?? null, `${making.at}/data/profile_filter`) },
  }),

  'trigger-split': (action, making) => {
    const { id, at, metric } = making;
    const { trigger_filter = null, trigger_id = '', trigger_type = making.trigger } = action.data ?? {};
    const filter = admitTriggerFilter(trigger_filter, metric, `${at}/data/trigger_filter`);
    const subtype = action.data?.trigger_subtype ?? null;
    const data = { trigger_filter: filter, trigger_id, trigger_type, trigger_subtype: subtype };
    return { id, type: 'trigger-split', links: fork(action, making), data };
  },

  'action-output-split': (action, making) => {
    const filter = admitOutputFilter(action.data?.action_output_filter ?? null);
    return {
      id: making.id,
      type: 'action-output-split',
      links: fork(action, making),
      data: { action_output_filter: filter },
    };
  },

  'multi-branch-split': (action, making) => {
    const { branches = [], name = '' } = action.data ?? {};
    return {
      id: making.id,
      type: 'multi-branch-split',
      data: { name, branches: branchesOf(branches, making, `${making.at}/data/branches`) },
    };
  },

  'update-profile': (action, making) => {
    const { profile_operations = [], status = 'draft' } = action.data ?? {};
    return {
      id: making.id,
      type: 'update-profile',
      links: nextOf(action, making),
      data: { profile_operations, status },
    };
  },

  'list-update': (action, making) => {
    const { name, on_execution, list_id, status = 'draft' } = action.data;
    const data = { name, on_execution, list_id, status };
    return { id: making.id, type: 'list-update', links: nextOf(action, making), data };
  },

  code: (action, making) => ({
    id: making.id,
    type: 'code',
    links: nextOf(action, making),
    ...(action.data !== undefined && { data: action.data }),
  }),

  'internal-service': (action, making) => {
    const { status = 'draft', ...data } = action.data ?? {};
    return { id: making.id, type: 'internal-service', links: nextOf(action, making), data: { ...data, status } };
  },

  'ab-test': trial,
  'content-experiment': trial,
  'send-email': send,
  'send-sms': send,
  'send-mobile-push': send,
  'send-whatsapp': send,
  'send-webhook': send,
  'send-internal-alert': send,
};

type RequestedBranches = NonNullable<Requested<'multi-branch-split'>['data']>['branches'];

/** In their order, the one for everyone else last. */
function branchesOf(branches: RequestedBranches, { toId, metric }: Making, pointer: string): Branch[] {
  if (branches.filter(({ is_else }) => is_else === true).length !== 1) {
    throw refuse('invalid', 'Exactly one branch is for everyone else (is_else).', pointer);
  }
  if (new Set(branches.map(({ branch_id }) => branch_id)).size < branches.length) {
    throw refuse('invalid', 'Two branches have the same branch_id.', pointer);
  }
  const made = branches.map((one, index): Branch => ({
    branch_id: one.branch_id,
    order: one.order ?? index,
    is_else: one.is_else ?? false,
    branch_filter: admitFilter(one.branch_filter ?? null, `${pointer}/${index}/branch_filter`, metric),
    links: { next: toId(one.links?.next) },
    name: one.name ?? null,
  }));
  return made.sort((a, b) => Number(a.is_else) - Number(b.is_else) || a.order - b.order);
}
