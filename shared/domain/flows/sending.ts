import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, MessageItem } from '../../storage/items.ts';
import { messageKey } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import type { Sending } from './step.ts';

/**
 * The write of the message that a step makes: queued, or skipped with the reason. Its id follows from enrolment, action
 * and visit, so that one step makes one message, however often it is tried.
 */
export function messageOf(
  ports: Ports,
  account: AccountId,
  enrolment: EnrolmentItem,
  { action, skipped }: Sending,
): Put {
  const { id: from, profile, flow, event, visit } = enrolment;
  const id = derivedId(22, from, action, String(visit));
  const now = sortable(ports.clock.now());
  const message: MessageItem = {
    ...messageKey(account, profile, id),
    kind: 'message',
    id,
    profile,
    channel: 'email',
    ...(skipped === undefined ? { status: 'QUEUED' } : { status: 'SKIPPED', reason: skipped, finished: now }),
    flow,
    action,
    enrolment: from,
    ...(event !== undefined && { event }),
    created: now,
  };
  return { put: message };
}
