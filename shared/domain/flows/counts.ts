import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { pagesOf } from '../../storage/pages.ts';
import { enrolmentAt, enrolmentsOfFlow, everyShard } from '../../storage/patterns.ts';

export interface ActionCount {
  waiting: number;
  acted: number;
}

/**
 * How many people wait at each action of a flow, and for how many it did something. Counted by walking everyone who was
 * ever in the flow, so it costs reads in proportion.
 */
export async function countsOf(
  ports: Ports,
  account: AccountId,
  flow: string,
): Promise<(action: string) => ActionCount> {
  const waiting = new Map<string, number>();
  const acted = new Map<string, number>();
  const count = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const shard of everyShard) {
    for await (const page of pagesOf(ports.store, enrolmentsOfFlow(account, flow, shard))) {
      for (const item of await ports.store.getMany(page.items.map(enrolmentAt))) {
        if (item?.status === 'active' && item.step !== undefined) count(waiting, item.step);
        for (const id of item?.acted ?? []) count(acted, id);
      }
    }
  }
  return (id) => ({ waiting: waiting.get(id) ?? 0, acted: acted.get(id) ?? 0 });
}
