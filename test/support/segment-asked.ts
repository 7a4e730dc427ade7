// What a definition asks for: ways of giving or withdrawing consent, and custom properties.
import type { BuiltCondition, Definition } from '../../shared/domain/segments/index.ts';

export interface Way {
  channel: 'email' | 'sms' | 'push' | 'whatsapp' | 'whatsapp_transactional';
  state: 'SUBSCRIBED' | 'UNSUBSCRIBED';
  method: string;
  /** Any of these; when empty whatever it is. */
  details: readonly string[];
}

/** A filter on a consent, as far as it is about its way. */
interface Asked {
  field: string;
  method?: string;
  filter?: { value?: unknown } | null;
}

const isText = (one: unknown): one is string => typeof one === 'string';

/** The ways that the filters of one condition name. */
function named(channel: Way['channel'], state: Way['state'], part: object): Way[] {
  const filters = 'filters' in part && Array.isArray(part.filters) ? (part.filters as Asked[]) : [];
  return filters.flatMap(({ method, filter }) => {
    if (method === undefined) return [];
    const details = Array.isArray(filter?.value) ? filter.value.filter(isText) : [];
    return [{ channel, state, method, details }];
  });
}

function waysOf(condition: BuiltCondition): Way[] {
  if (condition.type === 'profile-permissions') {
    const { channel, permission } = condition;
    const isYes = permission.reachable_status === 'explicitly_reachable';
    const of = channel === 'whatsapp_marketing' ? 'whatsapp' : channel;
    return named(of, isYes ? 'SUBSCRIBED' : 'UNSUBSCRIBED', permission);
  }
  if (condition.type !== 'profile-marketing-consent') return [];
  const { channel, consent_status: status } = condition.consent;
  return named(channel, status.subscription === 'subscribed' ? 'SUBSCRIBED' : 'UNSUBSCRIBED', status);
}

/** The ways that a definition asks for. */
export const waysIn = ({ condition_groups }: Definition): Way[] =>
  condition_groups.flatMap(({ conditions }) => conditions.flatMap(waysOf));

/** The custom properties that a definition asks for, each with the type of the filter on it. */
export const propertiesIn = ({ condition_groups }: Definition): (readonly [name: string, type: string])[] =>
  condition_groups.flatMap(({ conditions }) =>
    conditions.flatMap((condition) => {
      if (condition.type !== 'profile-property') return [];
      const name = /^properties\['(.*)'\]$/.exec(condition.property)?.[1];
      return name === undefined ? [] : [[name, condition.filter.type] as const];
    }),
  );
