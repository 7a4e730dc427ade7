// Which events are placed orders.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { readAccount } from '../account/index.ts';
import { addsUp } from './custom-metric-events.ts';
import { readMappedMetric } from './mapped-metric.ts';

/** What integrations call a placed order (behaviour 1.4, 2.4). */
const usualName = 'Placed Order';

/**
 * True for an event of the metric that is mapped as `revenue`; where nothing is mapped, of one that is called as integrations call
 * it. Of a custom metric whatever it adds up is an order.
 */
export async function isOrder(ports: Ports, account: AccountId, event: EventItem): Promise<boolean> {
  const owner = await readAccount(ports, account);
  const { metric, custom } = await readMappedMetric({ ports, account, owner }, 'revenue');
  if (custom) return addsUp(ports, custom.definition, event);
  return metric ? metric.id === event.metric : event.metric_name === usualName;
}
