// Hands work that is due to its queue: for one minute when its schedule fires, and again for what was left behind.
import { type Instant, hour, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Message } from '../../messages.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { Ports } from '../../ports.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import { pagesOf } from '../../storage/pages.ts';
import type { DueItem, StampItem } from '../../storage/items.ts';
import { dueBetween, dueInMinute, everyShard, sweptKey } from '../../storage/patterns.ts';
import { type Query, removalOf } from '../../storage/store.ts';
import { longestStandstill } from './defer.ts';

/** What a queue can delay a message by, seconds. */
const longestDelay = 900;

/** A due item as its queue takes it; undefined when it is due later than a queue can delay. */
export interface DueMessage<Q extends DueItem['queue'] = DueItem['queue']> {
  queue: Q;
  body: Message<Q>;
  delaySeconds: number;
}

/** The message of a due item with the seconds that remain until it is due. */
export function dueMessage(item: DueItem, now: Instant): DueMessage | undefined {
  const delaySeconds = Math.max(0, Math.ceil((instantOf(item.at) - now) / 1000));
  if (delaySeconds > longestDelay) return undefined;
  // Written by `defer`, which takes only messages of the queue; the worker parses it again.
  return { queue: item.queue, body: JSON.parse(item.message) as Message<DueItem['queue']>, delaySeconds };
}

/**
 * Sends everything that is due in a minute (`minuteOf`) of an account to its queue, then removes it: a crash in between
 * sends it again, which does nothing twice. Answers how many items were sent. Items that are due later than a queue
 * can delay stay where they are.
 */
export function sendMinute(ports: Ports, account: AccountId, name: string): Promise<number> {
  return sendAll(ports, (shard) => dueInMinute(account, name, shard));
}

async function sendAll(ports: Ports, dueIn: (shard: number) => Query<DueItem>): Promise<number> {
  const sent = await Promise.all(
    everyShard.map(async (shard) => {
      let count = 0;
      for await (const page of pagesOf(ports.store, dueIn(shard))) count += await sendItems(ports, page.items);
      return count;
    }),
  );
  return sent.reduce((sum, count) => sum + count, 0);
}

async function sendItems(ports: Ports, items: readonly DueItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const now = ports.clock.now();
  const due = items.flatMap((item) => {
    const message = dueMessage(item, now);
    return message ? [{ item, message }] : [];
  });
  for (const queue of ['segments', 'flows', 'messages', 'jobs', 'tallies', 'campaigns'] as const) {
    const messages = due.map(({ message }) => message).filter((message) => message.queue === queue);
    if (messages.length > 0) await ports.queue.send(queue, messages);
  }
  await removeSent(
    ports,
    due.map(({ item }) => item),
  );
  return due.length;
}

/** Removals under way at a time, of those that are made one by one. */
const abreast = 20;

/** What was set anew since it was read is still to come. */
async function removeSent({ store }: Ports, sent: readonly DueItem[]): Promise<void> {
  await store.writeMany(sent.filter(({ token }) => token === undefined).map(removalOf));
  const renewable = sent.filter(({ token }) => token !== undefined);
  await inParallel(renewable, abreast, ({ pk, sk, token }) =>
    writeIfStill(store, { remove: { pk, sk }, if: { equals: { token } } }),
  );
}

/** Younger minutes may still be in the hands of the wake-up that their own schedule caused. */
const settled = 5 * minute;

/** A writer that stood still may put an entry where a sweep has been: it was sent on then, but still has to be cleared away. */
const lookBack = longestStandstill;

const startOfHour = (at: Instant): Instant => at - (at % hour);

/**
 * The net under the schedules: sends what is left in the minutes since the sweep before, an hour at a time, and keeps
 * how far it came; the hours before that are looked at again. After an outage it goes on where it stopped, however long ago; the first one begins with the account
 * (`since`). Answers how many items it found.
 */
export async function sweepAccount(ports: Ports, account: AccountId, since: Instant): Promise<number> {
  const end = ports.clock.now() - settled;
  const mark = await ports.store.get(sweptKey(account));
  // A host whose clock is behind that of who made the account sets timers from before it (seed 14).
  const first = since - lookBack;
  let from = mark ? Math.max(first, mark.n * minute - lookBack) : first;
  let found = 0;
  while (from < end) {
    const to = Math.min(startOfHour(from) + hour, end);
    const range = [sortable(from), sortable(to)] as const;
    // What it looks for is minutes old: a read that may miss the last seconds, at half the price, finds it.
    found += await sendAll(ports, (shard) => ({ ...dueBetween(account, ...range, shard), consistent: false }));
    from = to;
    const swept: StampItem = { ...sweptKey(account), kind: 'stamp', n: Math.floor(to / minute) };
    if (swept.n > (mark?.n ?? 0)) await ports.store.write({ put: swept });
  }
  return found;
}
