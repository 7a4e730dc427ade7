import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { type EventInput, eventItem } from './event.ts';
import { learnProperties } from './metric-properties.ts';
import { knownMetric } from './metrics.ts';

/**
 * The item of an event that is to be recorded, its metric defined and what it tells of the metric learned before. Writes
 * neither the item nor its file.
 */
export async function newEvent(
  ports: Ports,
  account: AccountId,
  profile: string,
  input: EventInput,
): Promise<EventItem> {
  const metric = await knownMetric(ports, account, input.metric);
  await learnProperties(ports, account, metric.id, input);
  return eventItem(ports, account, profile, metric.id, input, metric);
}
