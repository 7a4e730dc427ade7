// What became of the variations of an experiment, counted in the transactions that record it: each person once.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import { type Instant, day } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { addingTo, sumOfCounters } from '../../storage/counters.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { MessageItem } from '../../storage/items.ts';
import { accountOf, counterKey } from '../../storage/patterns.ts';
import type { Update } from '../../storage/store.ts';

/** What is counted of the messages of a variation. */
export type TrialCount = Readonly<Record<'sent' | 'opened' | 'clicked' | 'ordered', number>>;

/** Counters lie in this many places, so that none of them is hot. */
const places = 16;
/** Experiments are over by then. */
const keptFor = 400 * day;

const keyOf = (account: AccountId, trial: string, send: string, what: keyof TrialCount, place: number) =>
  counterKey(account, `trial ${trial} ${send} ${what}`, String(place));

/** The first time that the person of a message of an experiment did something with it; none for others, and once it is counted. */
export function firstInTrial(item: MessageItem, what: Exclude<keyof TrialCount, 'sent'>, at: Instant): Update[] {
  if (item.trial === undefined || item[what]) return [];
  const { pk, sk } = item;
  const noted: Update = {
    update: { pk, sk },
    set: { [what]: true },
    if: { present: true, equals: { [what]: undefined } },
  };
  return [noted, ...countingTrial(item, what, at)];
}

/** The write that counts a message of an experiment; none for others. */
export function countingTrial(item: MessageItem, what: keyof TrialCount, now: Instant): Update[] {
  const { trial, action, id } = item;
  if (trial === undefined || action === undefined) return [];
  const key = keyOf(accountOf(item), trial, action, what, shardOf(id, places));
  return [addingTo(key, 1, expiryAt(now + keptFor))];
}

/** What became of a variation, by what sends it. */
export async function trialCountOf(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  { trial, send }: { trial: string; send: string },
): Promise<TrialCount> {
  const sum = async (what: keyof TrialCount) => {
    const keys = Array.from({ length: places }, (_, place) => keyOf(account, trial, send, what, place));
    return sumOfCounters(store, keys);
  };
  const [sent, opened, clicked, ordered] = await Promise.all([
    sum('sent'),
    sum('opened'),
    sum('clicked'),
    sum('ordered'),
  ]);
  return { sent, opened, clicked, ordered };
}
