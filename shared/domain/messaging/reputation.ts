// The circuit breaker: marketing email of an account rests when too much of it bounces or is complained of, before SES
// reviews the sender (at 5 % and 0.1 %). Counted in items that end by themselves, in the transactions that record what
// became of a message: each message counts once.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import { type Instant, hour, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { expiryAt } from '../../storage/expiry.ts';
import type { AccountItem } from '../../storage/items.ts';
import { accountKey, counterKey } from '../../storage/patterns.ts';
import { addingTo, sumOfCounters } from '../../storage/counters.ts';
import { perStore } from '../../storage/per-store.ts';
import type { Update } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';

/** What is counted of emails. */
export type Counted = 'received' | 'bounced' | 'complained';

/**
 * The share of bad ones at which sending rests, and how many there have to be at least: of twenty emails one bounce says
 * nothing.
 */
export const limits = {
  bounced: { share: 0.04, least: 10 },
  complained: { share: 0.0008, least: 5 },
} as const;

/** Counters of a span lie in so many places that none of them is hot: of what goes wrong there is far less. */
const places = { received: 32, bounced: 4, complained: 4 } as const satisfies Record<Counted, number>;
const span = 6 * hour;
/** Looked at are the present span and those before it: eighteen to twenty-four hours. */
const spans = 4;

const keyOf = (account: AccountId, epoch: number, what: Counted, place: number, at: number) =>
  counterKey(account, `mail ${what} ${String(epoch)} ${String(place)}`, String(at));

/** Counts one more, in the epoch that began when sending was last let go on. */
export function counting(
  account: AccountId,
  { mail_epoch = 0 }: Pick<AccountItem, 'mail_epoch'>,
  counted: { what: Counted; message: string },
  now: Instant,
): Update {
  const at = Math.floor(now / span);
  const key = keyOf(account, mail_epoch, counted.what, shardOf(counted.message, places[counted.what]), at);
  return addingTo(key, 1, expiryAt((at + spans + 1) * span));
}

export type Reputation = Readonly<Record<Counted, number>>;

/** How many of a kind there were in about the last day. */
async function sumOf(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  account: AccountId,
  { mail_epoch = 0 }: Pick<AccountItem, 'mail_epoch'>,
  what: Counted,
): Promise<number> {
  const present = Math.floor(clock.now() / span);
  const keys = Array.from({ length: spans }, (_, back) =>
    Array.from({ length: places[what] }, (_one, place) => keyOf(account, mail_epoch, what, place, present - back)),
  ).flat();
  return sumOfCounters(store, keys);
}

/** What became of the emails of about the last day. */
export async function reputationOf(
  ports: Pick<Ports, 'store' | 'clock'>,
  account: AccountId,
  owner: Pick<AccountItem, 'mail_epoch'>,
): Promise<Reputation> {
  const sum = (what: Counted) => sumOf(ports, account, owner, what);
  const [received, bounced, complained] = await Promise.all([sum('received'), sum('bounced'), sum('complained')]);
  return { received, bounced, complained };
}

/** The share of emails that bounced, and of those that arrived that were complained of. */
export function sharesOf({ received, bounced, complained }: Reputation) {
  return {
    bounced: bounced === 0 ? 0 : bounced / (received + bounced),
    complained: complained === 0 ? 0 : complained / Math.max(received, complained),
  };
}

/** Why sending has to rest; undefined: it has not. */
function verdict(reputation: Reputation): 'bounced' | 'complained' | undefined {
  const shares = sharesOf(reputation);
  return (['bounced', 'complained'] as const).find(
    (what) => reputation[what] >= limits[what].least && shares[what] >= limits[what].share,
  );
}

/** How many arrived when somebody last counted, by account, epoch and span: within them it only grows. */
const arrived = perStore<number>();
const mostKnown = 1000;

/**
 * Lets marketing email rest when its reputation asks for it, after one more of `what`. The change feed tells the bus. What
 * is dear to count, the emails that arrived, is counted anew only where those of the last count would not be enough.
 */
export async function watchReputation(ports: Ports, account: AccountId, what: 'bounced' | 'complained'): Promise<void> {
  await untilWon(async () => {
    const owner = await readAccount(ports, account);
    if (owner.mail_rests) return;
    const bad = await sumOf(ports, account, owner, what);
    if (bad < limits[what].least) return;
    const known = arrived(ports.store);
    const name = `${account} ${owner.mail_epoch ?? 0} ${Math.floor(ports.clock.now() / span)}`;
    const few = { received: known.get(name) ?? 0, bounced: 0, complained: 0, [what]: bad };
    if (verdict(few) === undefined) return;
    const reputation = await reputationOf(ports, account, owner);
    if (known.size >= mostKnown) known.clear();
    known.set(name, reputation.received);
    const why = verdict(reputation);
    if (!why) return;
    ports.log.error('marketing email rests', { account, why, ...reputation });
    await ports.store.write({
      update: accountKey(account),
      set: { mail_rests: { why, since: sortable(ports.clock.now()), ...reputation } },
      if: { equals: { mail_rests: undefined, mail_epoch: owner.mail_epoch } },
    });
  });
}

/** Lets marketing email go on, and counts from nothing. What was held back goes out within an hour. */
export async function resumeMail(
  ports: Pick<Ports, 'store' | 'ids' | 'clock'>,
  account: AccountId,
): Promise<AccountItem> {
  return untilWon(async () => {
    const owner = await readAccount(ports, account);
    if (!owner.mail_rests) return owner;
    const { mail_epoch } = owner;
    const next = (mail_epoch ?? 0) + 1;
    await ports.store.write({
      update: accountKey(account),
      set: { mail_epoch: next },
      remove: ['mail_rests'],
      if: { equals: { mail_epoch } },
    });
    const resumed = { ...owner, mail_epoch: next };
    delete resumed.mail_rests;
    return resumed;
  });
}
