import { everything } from '../../../shared/storage/pages.ts';
import { definitionsOf } from '../../../shared/storage/patterns.ts';
import type { DefinitionKind, MessageItem } from '../../../shared/storage/items.ts';
import { type View, itemsOf } from './view.ts';

/** How each status of a message reads; `held` is what was decided against. */
export const statuses = {
  QUEUED: 'queued',
  CLAIMED: 'being sent',
  SENT: 'sent',
  SKIPPED: 'held back',
  FAILED: 'failed',
  UNKNOWN: 'outcome unknown',
} as const satisfies Record<MessageItem['status'], string>;

/** How many there are of everything that the account has. */
export async function census(view: View) {
  const { system, account } = view;
  const defined = async (kind: DefinitionKind) =>
    (await everything(system.world.ports.store, definitionsOf(account, kind))).length;
  const messages = itemsOf(view, 'message');
  const standing = (status: MessageItem['status']) => messages.filter((one) => one.status === status).length;
  const [lists, segments, flows] = await Promise.all([defined('list'), defined('segment'), defined('flow')]);
  return {
    profiles: itemsOf(view, 'profile').length,
    events: itemsOf(view, 'event').length,
    lists,
    segments,
    flows,
    sent: standing('SENT'),
    held: standing('SKIPPED'),
  };
}
