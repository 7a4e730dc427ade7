// From a trigger that a caller wrote to the one that is stored.
import { refuse } from '../../kernel/errors.ts';
import { timeOfDay } from '../../kernel/zone.ts';
import type { Trigger } from './definition.ts';
import type { RequestedDefinition } from './requested.ts';
import { admitTriggerFilter } from './trigger-filter.ts';

/** The one trigger of a flow. */
export function makeTrigger(triggers: RequestedDefinition['triggers'], pointer: string): Trigger {
  const [trigger] = triggers;
  if (triggers.length !== 1 || !trigger) throw refuse('invalid', 'A flow has exactly one trigger.', pointer);
  const at = `${pointer}/0`;
  if (trigger.type === 'date') {
    if (timeOfDay(trigger.trigger_time) === undefined) {
      throw refuse('invalid', 'Must be a time of day such as 09:30:00.', `${at}/trigger_time`);
    }
    if (trigger.date_field_type === 'custom-object') return trigger;
    return {
      ...trigger,
      timedelta_unit_before_date: trigger.timedelta_unit_before_date ?? 'days',
      recurrence_frequency: trigger.recurrence_frequency ?? 'never',
      timezone: trigger.timezone ?? 'profile',
      trigger_days: trigger.trigger_days && trigger.trigger_days.length > 0 ? trigger.trigger_days : null,
    };
  }
  if (trigger.type === 'price-drop' || trigger.type === 'low-inventory') return catalogTrigger(trigger, at);
  const { id, type } = trigger;
  if (id === null || id === undefined) {
    throw refuse('missing', `A ${type} trigger needs the id of its ${type}.`, `${at}/id`);
  }
  if (type !== 'metric') return { type, id };
  return { type, id, trigger_filter: admitTriggerFilter(trigger.trigger_filter ?? null, id, `${at}/trigger_filter`) };
}

type Catalog = Extract<RequestedDefinition['triggers'][number], { type: 'price-drop' | 'low-inventory' }>;

/** Nobody is remembered for longer as having had to do with an item. */
const longestTimeframe = 365;

function catalogTrigger(trigger: Catalog, at: string): Trigger {
  const { audience, timeframe_days = 30 } = trigger;
  if (audience.length === 0) throw refuse('invalid', 'Say what people did with the item.', `${at}/audience`);
  if (timeframe_days < 1 || timeframe_days > longestTimeframe) {
    throw refuse('invalid', `Must be between 1 and ${longestTimeframe} days.`, `${at}/timeframe_days`);
  }
  const filter = admitTriggerFilter(trigger.trigger_filter, undefined, `${at}/trigger_filter`);
  const rest = { trigger_filter: filter, timeframe_days };
  if (trigger.type === 'low-inventory') {
    if (trigger.inventory_count < 1) throw refuse('invalid', 'Must be at least 1.', `${at}/inventory_count`);
    return { ...trigger, ...rest };
  }
  if (trigger.price_drop_amount_value < 0) {
    throw refuse('invalid', 'A drop is not negative.', `${at}/price_drop_amount_value`);
  }
  return { ...trigger, ...rest, price_drop_amount_unit: trigger.price_drop_amount_unit ?? 'currency' };
}
