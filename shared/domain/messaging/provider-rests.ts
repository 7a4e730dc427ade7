// A provider that takes nothing is left alone (I21): while it rests nothing of the account is claimed for it, then one message
// tries, and with the first that is taken all the others go. So an outage costs a few tries, however many messages wait.
import { type AccountId, shardOf } from '../../kernel/ids.ts';
import { type Instant, instantOf, minute, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { AccountItem, MessageItem, ProviderRest } from '../../storage/items.ts';
import { accountKey } from '../../storage/patterns.ts';
import type { Update } from '../../storage/store.ts';
import { readAccount } from '../account/index.ts';
import type { Answer } from './hand-over.ts';

/** The providers that messages are handed over to; servers of webhooks are each by itself. */
type Provider = 'mail' | 'sms' | 'push';

const providers: { readonly [C in MessageItem['channel']]?: Provider } = {
  email: 'mail',
  alert: 'mail',
  sms: 'sms',
  push: 'push',
};

/** The first rest, and the longest: each is twice as long as the one before. */
const firstRest = 15 * second;
const longestRest = 30 * minute;
/** How long a try may take: then the next one has its turn. */
const tryLasts = minute;

const lasts = (times: number): Instant => Math.min(firstRest * 2 ** Math.min(times, 10), longestRest);

/** When a message asks again that finds the provider resting: not all at once. */
export const afterRest = (until: Instant, message: string): Instant => until + shardOf(message, 60) * second;

/** The write that changes the rest of one provider, unless any has changed since the account was read. */
function changing(account: AccountId, owner: AccountItem, provider: Provider, rest: ProviderRest | undefined): Update {
  const { provider_rests: before } = owner;
  const others = Object.entries(before ?? {}).filter(([name]) => name !== provider);
  const rests = Object.fromEntries(rest ? [...others, [provider, rest] as const] : others);
  const isOver = Object.keys(rests).length === 0;
  return {
    update: accountKey(account),
    ...(isOver ? { remove: ['provider_rests'] } : { set: { provider_rests: rests } }),
    if: { present: true, equals: { provider_rests: before } },
  };
}

/** Whether a message may be claimed: not before `until`; or with these `writes`, by which it alone tries a provider that rested. */
export function mayClaim(
  account: AccountId,
  owner: AccountItem,
  channel: MessageItem['channel'],
  now: Instant,
): { until: Instant } | { writes: readonly Update[] } {
  const provider = providers[channel];
  const rest = provider && owner.provider_rests?.[provider];
  if (!rest) return { writes: [] };
  if (now < instantOf(rest.until)) return { until: instantOf(rest.until) };
  const trying = { ...rest, until: sortable(now + tryLasts), trying: true };
  return { writes: [changing(account, owner, provider, trying)] };
}

/** Answers that were lost one after the other, by provider and account: of one alone nothing follows. */
const lost = new WeakMap<object, Map<AccountId, number>>();
const lostInARow = 5;

/**
 * Takes note of what a provider made of a message: an answer (a refusal, too: it is there) ends its rest; that it takes nothing
 * now, or several answers in a row that were lost, begin or lengthen one.
 */
export async function noteAnswer(
  ports: Ports,
  { account, channel, wasTry }: { account: AccountId; channel: MessageItem['channel']; wasTry: boolean },
  answer: Answer | 'postponed' | undefined,
): Promise<void> {
  const provider = providers[channel];
  if (!provider) return;
  const inARow = countLost(ports[provider], account, answer === undefined);
  const isThere = typeof answer === 'object';
  if (isThere && wasTry) await change(ports, account, provider, () => undefined);
  if (isThere || (answer === undefined && !wasTry && inARow < lostInARow)) return;
  const now = ports.clock.now();
  await change(ports, account, provider, (rest) => {
    // Somebody has seen it too, or tries just now.
    if (rest && !(wasTry && rest.trying) && instantOf(rest.until) > now) return rest;
    const times = rest ? rest.times + 1 : 0;
    return { since: rest?.since ?? sortable(now), until: sortable(now + lasts(times)), times, trying: false };
  });
}

function countLost(port: object, account: AccountId, isLost: boolean): number {
  const known = lost.get(port) ?? new Map<AccountId, number>();
  lost.set(port, known);
  const inARow = isLost ? (known.get(account) ?? 0) + 1 : 0;
  if (inARow === 0) known.delete(account);
  else known.set(account, inARow);
  return inARow;
}

function change(
  ports: Ports,
  account: AccountId,
  provider: Provider,
  after: (rest: ProviderRest | undefined) => ProviderRest | undefined,
): Promise<void> {
  return untilWon(async () => {
    const owner = await readAccount(ports, account);
    const before = owner.provider_rests?.[provider];
    const rest = after(before);
    // In a transaction: what the batch knows of the account is read anew when it fails.
    if (rest !== before) await ports.store.transact([changing(account, owner, provider, rest)]);
    if (rest && rest !== before) ports.log.info('a provider rests', { account, provider, until: rest.until });
  });
}
