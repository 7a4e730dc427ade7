// How many people a campaign would reach: counted in stretches over its audience, none of which remembers anybody.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { EstimateItem } from '../../storage/items.ts';
import { estimateKey } from '../../storage/patterns.ts';
import { audienceStretch, partName, partsOfAudience } from './audience.ts';
import { findCampaign, readCampaign } from './campaign.ts';
import type { Stretch } from './snapshot.ts';

/** Asks for a new count; one that is under way is given up. A 404 when there is no such campaign. */
export async function startEstimate(ports: Ports, account: AccountId, id: string): Promise<EstimateItem> {
  const { audiences } = await readCampaign(ports, account, id);
  const item: EstimateItem = {
    ...estimateKey(account, id),
    kind: 'estimate',
    campaign: id,
    run: ports.ids.short(),
    pending: partsOfAudience(audiences),
    count: 0,
  };
  await ports.store.write({ put: item });
  return item;
}

/** The count that was asked for last, or a 404 that speaks of `type`. */
export async function readEstimate(
  ports: Pick<Ports, 'store'>,
  account: AccountId,
  id: string,
  type: string,
): Promise<EstimateItem> {
  const item = (await findCampaign(ports, account, id)) && (await ports.store.get(estimateKey(account, id)));
  if (!item) throw refuse('not_found', `A ${type} with id ${id} does not exist.`);
  return item;
}

/** Counts one stretch and sends the next; the last one of a shard adds what it came to, once. */
export async function countStretch(ports: Ports, account: AccountId, stretch: Stretch): Promise<void> {
  const { campaign: id, run, group = 0, shard, after, count = 0 } = stretch;
  const campaign = await findCampaign(ports, account, id);
  const part = partName(group, shard);
  const known = await ports.store.get(estimateKey(account, id));
  if (!campaign || known?.run !== run || !known.pending.includes(part)) return;
  const place = { group, shard, ...(after !== undefined && { after }) };
  const { profiles, next } = await audienceStretch(ports, account, campaign.audiences, place);
  const sum = count + profiles.length;
  if (next !== undefined) return ports.queue.send('campaigns', [{ body: { ...stretch, after: next, count: sum } }]);
  await untilWon(async () => {
    const item = await ports.store.get(estimateKey(account, id));
    if (item?.run !== run || !item.pending.includes(part)) return;
    const pending = item.pending.filter((one) => one !== part);
    const unchanged = { equals: { run, pending: item.pending } };
    await ports.store.write({ put: { ...item, pending, count: item.count + sum } as EstimateItem, if: unchanged });
  }, 50);
}
