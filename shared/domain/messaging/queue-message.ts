import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, MessageItem } from '../../storage/items.ts';
import { messageKey, reviewIndex } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';

interface Making {
  /** Default: email. */
  channel?: MessageItem['channel'];
  /** Why it is not to be sent: the message is kept as skipped. */
  skipped?: string;
  /** The experiment that it is a variation of. */
  trial?: string;
}

/** Why a message is kept that somebody has to look at first. */
export const needsReview = 'Needs review';

/** One action of one enrolment, at the visit it stands at. */
export interface FlowSource extends Making {
  enrolment: Pick<EnrolmentItem, 'id' | 'profile' | 'flow' | 'event' | 'visit'>;
  action: string;
}

/** One message of one campaign, for one of its recipients. */
export interface CampaignSource extends Making {
  campaign: string;
  /** The id of the campaign message that is sent (of several variations: the one this person gets). */
  campaignMessage: string;
  /** The sending, and its row for this person. */
  run?: string;
  recipient?: string;
  profile: string;
}

export type MessageSource = FlowSource | CampaignSource;

/**
 * The write that makes a message; put it into the transaction of what makes it. The same source makes the same message:
 * its id follows from the enrolment, the action and the visit, or from the campaign and the profile, so that a campaign
 * reaches a person once whatever variation was chosen. The change feed sends it on its way.
 */
export function queueMessage(ports: Pick<Ports, 'clock'>, account: AccountId, source: MessageSource): Put {
  const { channel = 'email', skipped, trial } = source;
  const { id, profile, ...made } = 'enrolment' in source ? ofFlow(source) : ofCampaign(source);
  const now = sortable(ports.clock.now());
  const item: MessageItem = {
    ...messageKey(account, profile, id),
    kind: 'message',
    id,
    profile,
    channel,
    ...made,
    created: now,
    ...(trial !== undefined && { trial }),
    ...(skipped === undefined ? { status: 'QUEUED' } : { status: 'SKIPPED', reason: skipped, finished: now }),
    ...(skipped === needsReview && 'action' in source && reviewIndex(account, source.action, now, id)),
  };
  return { put: item, if: { absent: true } };
}

function ofFlow({ enrolment, action }: FlowSource) {
  const { id, profile, flow, event, visit } = enrolment;
  const message = derivedId(22, 'message', id, action, String(visit));
  return { id: message, profile, flow, action, enrolment: id, ...(event !== undefined && { event }) };
}

function ofCampaign({ campaign, campaignMessage, run, recipient, profile }: CampaignSource) {
  return {
    id: derivedId(22, 'message', 'campaign', campaign, profile),
    profile,
    campaign,
    campaign_message: campaignMessage,
    ...(run !== undefined && { campaign_run: run }),
    ...(recipient !== undefined && { recipient }),
  };
}
