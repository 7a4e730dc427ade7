import type { AccountId } from '../../kernel/ids.ts';
import { second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { DroppedItem } from '../../storage/items.ts';
import { droppedKey } from '../../storage/patterns.ts';
import { rememberedFor } from '../identity/index.ts';
import type { EventInput } from './event.ts';

/** Notes for the ingestion log that an event was accepted and not recorded: of what kind, when, and nothing of whom. */
export async function noteDropped(ports: Ports, account: AccountId, { metric, time }: EventInput): Promise<void> {
  const now = ports.clock.now();
  const at = sortable(Math.floor((time ?? now) / second) * second);
  const item: DroppedItem = {
    ...droppedKey(account, at, ports.ids.ulid()),
    kind: 'dropped',
    metric_name: metric.name,
    metric_service: metric.service,
    at,
    recorded: sortable(now),
    expires: expiryAt(now + rememberedFor),
  };
  await ports.store.write({ put: item });
}
