// What follows from changes of campaigns, of counts and of their messages: work for the queue `campaigns`.
import type { AccountId } from '../../kernel/ids.ts';
import type { Message } from '../../messages.ts';
import type { DefinitionItem, EstimateItem, MessageItem } from '../../storage/items.ts';
import { everyShard } from '../../storage/patterns.ts';
import { indexLagSeconds } from '../../storage/table.ts';
import { placeOfPart } from './audience.ts';
import { campaignOf, isCancelled } from './campaign.ts';

interface Work {
  queue: 'campaigns';
  body: Message<'campaigns'>;
  delaySeconds?: number;
}

/** Until then the index has learned of who is in the audience. */
const walk = (
  type: 'snapshot' | 'estimate',
  of: { account: AccountId; campaign: string; run: string },
  parts: readonly string[],
): Work[] =>
  parts.map((part) => ({
    queue: 'campaigns',
    body: { type, ...of, ...placeOfPart(part) },
    delaySeconds: indexLagSeconds,
  }));

/** A new sending has its snapshot taken; one that was cancelled, reverted or removed has its rows closed. */
export function campaignWork(account: AccountId, before?: DefinitionItem, after?: DefinitionItem): Work[] {
  const [was, is] = [before && campaignOf(before), after && campaignOf(after)];
  const begun = is?.sending;
  if (is && begun && begun.run !== was?.sending?.run) {
    return walk('snapshot', { account, campaign: is.id, run: begun.run }, begun.pending);
  }
  const run = was?.sending?.run;
  if (!was || run === undefined || (begun?.run === run && is && isCancelled(is) === isCancelled(was))) return [];
  return closings({ account, campaign: was.id, run });
}

/** What closes the rows of a sending that is over. */
export function closings(of: { account: AccountId; campaign: string; run: string }): Work[] {
  return everyShard.map((shard) => ({ queue: 'campaigns', body: { type: 'close', ...of, shard } }));
}

export function estimateWork(account: AccountId, before?: EstimateItem, after?: EstimateItem): Work[] {
  if (!after || before?.run === after.run) return [];
  const { campaign, run, pending } = after;
  return walk('estimate', { account, campaign, run }, pending);
}

/** A message that has an outcome, another one, or is gone. */
export function outcomeWork(account: AccountId, before?: MessageItem, after?: MessageItem): Work[] {
  const item = after ?? before;
  if (item?.campaign === undefined || before?.status === after?.status) return [];
  if (after?.status === 'QUEUED' || after?.status === 'CLAIMED') return [];
  const { campaign, campaign_run: run, recipient, profile, id } = item;
  if (run === undefined || recipient === undefined) return [];
  const was = before && { was: before.status };
  return [
    { queue: 'campaigns', body: { type: 'outcome', account, campaign, run, recipient, profile, message: id, ...was } },
  ];
}
