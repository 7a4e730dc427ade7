// One row of an unsubscribe job. Done again it changes nothing: every withdrawal carries the job's own time.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { findProfile, gathered, unregisterPushToken } from '../identity/index.ts';
import { suppressOnList } from './email.ts';
import { isOnList, leaveList } from './membership.ts';
import { standingOfEmail } from './opt-in.ts';
import { type RowWork, namesIn } from './rows.ts';
import { ofKind } from './subscribe.ts';
import { withdraw } from './words.ts';

/**
 * Unsubscribes the person of a row from what it names, for good and on all lists; unless the account lets people leave
 * single lists and the row's person is on the one named. A named list is left in any case. Makes no profile.
 */
export async function unsubscribeRow(ports: Ports, account: AccountId, work: RowWork): Promise<void> {
  const { job, person, at } = work;
  const how = { method: 'API', detail: job.key ?? null } as const;
  const profile = await findProfile(ports, account, namesIn(person));
  // Lists that somebody is on may have to be moved yet.
  if (profile?.absorbing && job.list !== undefined) await gathered(ports, account, profile.id);
  for (const { kind } of person.words) {
    // Nobody to withdraw anything from.
    if (kind === 'push' && !profile) continue;
    const of = ofKind(kind, person, profile);
    if (
      kind === 'email' &&
      job.list !== undefined &&
      (await concernsListAlone(ports, account, work, { of, profile }))
    ) {
      await suppressOnList(ports, account, { address: of, list: job.list, at, how });
    } else await withdraw(ports, account, { kind, of, at, how });
  }
  for (const device of person.devices ?? []) {
    await unregisterPushToken(ports, account, device, {
      profile: { identifiers: namesIn(person), attributes: {} },
      at,
    });
  }
  if (profile && job.list !== undefined) await leaveList(ports, account, job.list, { profile: profile.id, at });
}

/** Whoever is not on the list is unsubscribed from everything. */
async function concernsListAlone(
  ports: Ports,
  account: AccountId,
  { job, at }: RowWork,
  { of, profile }: { of: string; profile: ProfileItem | undefined },
): Promise<boolean> {
  const { list } = job;
  if (!job.listAlone || list === undefined || profile === undefined) return false;
  if (await isOnList(ports, account, list, profile.id)) return true;
  // A try before this one may have got as far as taking the person off the list.
  const { listSuppressions } = await standingOfEmail(ports, account, of);
  return listSuppressions.some((one) => one.list === list && one.at === sortable(at));
}
