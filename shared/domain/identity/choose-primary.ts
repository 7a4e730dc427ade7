// Which of a person's addresses is the primary one when the one that was can do less than another (behaviour 1.4).
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { profileKey } from '../../storage/patterns.ts';
import { storeChange } from './change.ts';
import { readContact } from './contact.ts';
import { acceptsEmail, isSubscribed } from './reachable.ts';
import { type Standing, standingOf } from './standing.ts';

type Said = Pick<Standing, 'consents' | 'suppressions'>;

const isOptedIn = ({ consents, suppressions }: Said): boolean =>
  isSubscribed(consents.email) && acceptsEmail({ consents, suppressions });

/** Nothing arrives there; nobody said no. */
const isUndeliverable = ({ reason }: Said['suppressions'][number]): boolean =>
  reason === 'HARD_BOUNCE' || reason === 'INVALID_EMAIL';

/** The person, or the owner, said no by this address: no other address may take its place. */
const isRefused = ({ consents, suppressions }: Said): boolean =>
  consents.email?.state === 'UNSUBSCRIBED' || !suppressions.every(isUndeliverable);

/** Whether another address may be a better primary than this one: when nobody subscribed with it, or nothing arrives. */
const isReplaceable = (primary: Said): boolean => !isOptedIn(primary) && !isRefused(primary);

/** True for a profile with further addresses whose primary one another may replace. */
export function mayChoose({
  other_emails: others = [],
  consents = {},
  email_suppressions: suppressions = [],
}: ProfileItem) {
  return others.length > 0 && isReplaceable({ consents, suppressions });
}

/**
 * Makes the most recently added address that is subscribed the primary one, where the primary one is not subscribed or
 * cannot be delivered to. One that was withdrawn, reported or suppressed by hand stays: mail must not go round a refusal.
 */
export async function choosePrimary(ports: Ports, account: AccountId, id: string): Promise<void> {
  await untilWon(async () => {
    const before = await ports.store.get(profileKey(account, id));
    if (before === undefined || !mayChoose(before)) return;
    const others = await Promise.all(
      (before.other_emails ?? []).map(async (value) => {
        const { item } = await readContact(ports, account, { kind: 'email', value });
        return { value, item };
      }),
    );
    const better = others.findLast(({ item }) => isOptedIn(standingOf(item)));
    if (better === undefined) return;
    await storeChange(ports, account, { before, input: { identifiers: { email: better.value }, attributes: {} } });
  });
}
