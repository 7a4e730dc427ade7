// A list and who is on it, for tests that write memberships by themselves.
import type { BuiltCondition } from '../../shared/domain/segments/index.ts';
import type { AccountId } from '../../shared/kernel/ids.ts';
import { type Instant, sortable } from '../../shared/kernel/time.ts';
import type { MemberItem } from '../../shared/storage/items.ts';
import { listMemberKey, memberIndex } from '../../shared/storage/patterns.ts';

/** The membership of a person in a list, since then. */
export function listMember(account: AccountId, profile: string, group: string, at: Instant): MemberItem {
  const joined = sortable(at);
  const index = memberIndex(account, group, profile, joined);
  return { ...listMemberKey(account, profile, group), ...index, kind: 'list-member', group, profile, joined };
}

/** That somebody is on the list. */
export const isOn = (list: string): BuiltCondition => ({
  type: 'profile-group-membership',
  is_member: true,
  group_ids: [list],
  timeframe_filter: null,
});
