// Consent to push messages: the person's own, kept on the profile, recorded beside it.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { type Cause, type Standing, readProfile, recordsOf, standingOf, touched } from '../identity/index.ts';

/** Applies `change` to the consents of a profile, which a grant or withdrawal of push makes. A 404 without the profile. */
export async function changePush(
  ports: Ports,
  account: AccountId,
  profile: string,
  cause: Cause,
  change: (standing: Standing) => Standing | undefined,
): Promise<void> {
  await untilWon(async () => {
    const item = await readProfile(ports, account, profile);
    const before: Standing = { ...standingOf(undefined), consents: item.consents ?? {} };
    const after = change(before);
    if (!after) return;
    const now = ports.clock.now();
    const next = touched({ ...item, consents: after.consents }, sortable(now));
    await ports.store.transact([
      { put: next, if: { equals: { version: item.version } } },
      ...recordsOf(next, { before, after }, cause, now).map((put) => ({ put })),
    ]);
  });
}
