import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, MessageItem } from '../../storage/items.ts';
import { messageKey } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';

/** What makes a message: one action of one enrolment, at the visit it stands at. */
export interface MessageSource {
  enrolment: Pick<EnrolmentItem, 'id' | 'profile' | 'flow' | 'event' | 'visit'>;
  action: string;
  channel?: MessageItem['channel'];
  /** Why it is not to be sent: the message is kept as skipped. */
  skipped?: string;
}

/**
 * The write that makes the message of one step; put it into the transaction of the step. The same step makes the same
 * message: its id follows from the enrolment, the action and the visit. The change feed sends it on its way.
 */
export function queueMessage(
  ports: Pick<Ports, 'clock'>,
  account: AccountId,
  { enrolment, action, channel = 'email', skipped }: MessageSource,
): Put {
  const { profile, flow, event, visit } = enrolment;
  const id = derivedId(22, 'message', enrolment.id, action, String(visit));
  const now = sortable(ports.clock.now());
  const item: MessageItem = {
    ...messageKey(account, profile, id),
    kind: 'message',
    id,
    profile,
    channel,
    flow,
    action,
    enrolment: enrolment.id,
    created: now,
    ...(event !== undefined && { event }),
    ...(skipped === undefined ? { status: 'QUEUED' } : { status: 'SKIPPED', reason: skipped, finished: now }),
  };
  return { put: item, if: { absent: true } };
}
