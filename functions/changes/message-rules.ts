// What follows from changes of campaigns, messages and those who wait for them.
import { campaignWork, estimateWork, outcomeWork } from '../../shared/domain/campaigns/index.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import type {
  AccountItem,
  DefinitionItem,
  EnrolmentItem,
  EstimateItem,
  MessageItem,
  OptInItem,
} from '../../shared/storage/items.ts';
import { anyList, contactHashOf, profileOf } from '../../shared/storage/patterns.ts';
import { indexLagSeconds } from '../../shared/storage/table.ts';
import { type Rule, nothing } from './rule.ts';

const outcomes = { SENT: 'message.sent', SKIPPED: 'message.skipped' } as const satisfies Partial<
  Record<MessageItem['status'], DomainEvent['type']>
>;

/** A campaign that is to be sent, or not any more. */
export const campaign: Rule<DefinitionItem> = ({ before, after, account }) => ({
  work: campaignWork(account, before, after),
});

/** Marketing email of the account rests from now on. */
export const account: Rule<AccountItem> = ({ before, after, account: id }) => {
  const rests = after?.mail_rests;
  if (!rests || before?.mail_rests) return nothing;
  return { events: [{ type: 'sending.rests', account: id, detail: { ...rests } }] };
};

/** A count of a campaign's audience was asked for. */
export const estimate: Rule<EstimateItem> = ({ before, after, account }) => ({
  work: estimateWork(account, before, after),
});

/** Of a message of a campaign the campaign is told too. */
export const message: Rule<MessageItem> = (turn) => {
  const { work = [], events = [] } = delivered(turn);
  return { work: [...work, ...outcomeWork(turn.account, turn.before, turn.after)], events };
};

const delivered: Rule<MessageItem> = ({ before, after, account }) => {
  if (!after || before?.status === after.status) return nothing;
  // Moved here by a merge: how it ended was told of before.
  if (!before && after.origin !== undefined && after.status !== 'QUEUED') return nothing;
  const { status, profile: person, id, channel, flow, action, reason } = after;
  if (status === 'QUEUED') {
    // One that was given back has a timer of its own; one that was reviewed goes out now.
    if (before && before.status !== 'SKIPPED') return nothing;
    return { work: [{ queue: 'messages', body: { type: 'deliver', account, profile: person, message: id } }] };
  }
  if (status !== 'SENT' && status !== 'SKIPPED') return nothing;
  return {
    events: [
      { type: outcomes[status], account, detail: { message: id, profile: person, channel, flow, action, reason } },
    ],
  };
};

/** An opt-in that is asked for (anew) has its message sent; one that was given back has a timer of its own. */
export const optIn: Rule<OptInItem> = ({ before, after, account }) => {
  if (after?.status !== 'QUEUED' || before?.requested === after.requested) return nothing;
  const message = after.list ?? anyList;
  return { work: [{ queue: 'messages', body: { type: 'confirm', account, contact: contactHashOf(after), message } }] };
};

/** An enrolment that waits has its timer, or a variant that may be in stock; one that does not is advanced now. */
export const enrolment: Rule<EnrolmentItem> = ({ before, after, account }) => {
  if (after?.status !== 'active' || after.step === undefined || after.due !== undefined) return nothing;
  if (before?.version === after.version) return nothing;
  // By then whoever looks for them finds them.
  if (after.waits !== undefined) {
    const body = { type: 'waits', account, variant: after.waits } as const;
    return { work: [{ queue: 'flows', body, delaySeconds: indexLagSeconds }] };
  }
  const { id, step, visit } = after;
  return {
    work: [
      { queue: 'flows', body: { type: 'advance', account, profile: profileOf(after), enrolment: id, step, visit } },
    ],
  };
};
