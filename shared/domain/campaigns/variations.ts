// Several messages of a campaign are variations of one: each recipient gets the same one of them, whatever is tried again.
import { refuse } from '../../kernel/errors.ts';
import { shardOf } from '../../kernel/ids.ts';
import type { Campaign, CampaignMessage } from './campaign.ts';

/** How many variations a campaign may have. */
export const mostVariations = 8;

type Tested = Pick<Campaign, 'messages'>;

/** True of a campaign that tries variations. */
export const hasVariations = ({ messages }: Tested): boolean => messages.length > 1;

/**
 * A 400 when the messages cannot be variations of each other: they share a channel, and are not sent throttled
 * (behaviour 6).
 */
export function refuseUnlikeVariations(
  campaign: Pick<Campaign, 'strategy'> & { messages: readonly Pick<CampaignMessage, 'definition'>[] },
): void {
  const { messages, strategy } = campaign;
  const [first, ...others] = messages;
  if (!first || others.length === 0) return;
  const { channel } = first.definition;
  const other = others.findIndex(({ definition }) => definition.channel !== channel);
  if (other >= 0) {
    const detail = `The messages of a campaign are variations of one: all have the channel of the first, ${channel}.`;
    const pointer = `/data/attributes/campaign-messages/data/${other + 1}/attributes/definition/channel`;
    throw refuse('invalid', detail, pointer);
  }
  if (strategy.method === 'throttled') {
    const detail = `A campaign with variations cannot be throttled; it has ${messages.length} messages.`;
    throw refuse('invalid', detail, '/data/attributes/send_strategy/method');
  }
}

/** The id of the message that a row gets; undefined where there is but one. Evenly spread by a hash of the row's id. */
export function variationFor(campaign: Tested, row: string): string | undefined {
  return hasVariations(campaign)
    ? campaign.messages[shardOf(`${row} variation`, campaign.messages.length)]?.id
    : undefined;
}

/** The message that a row gets. */
export const messageFor = ({ messages }: Tested, { variation }: { variation?: string }): CampaignMessage | undefined =>
  variation === undefined ? messages[0] : messages.find(({ id }) => id === variation);
