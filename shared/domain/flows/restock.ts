// Back in stock: those who wait for a variant are told of its restock, oldest first, so many for each unit, in batches with
// a wait between them (behaviour 7). Where a restock stands is written in the transaction that lets people go on, so that
// no batch tells more than it may and nobody is told twice of one restock, whatever arrives how often.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { RestockItem, Restocking } from '../../storage/items.ts';
import { restockKey } from '../../storage/patterns.ts';
import { readAccount, restockingOf } from '../account/index.ts';
import { stockOf } from '../catalog/index.ts';
import { type Due, defer, setTimer } from '../timers/index.ts';
import type { Flow } from './definition.ts';
import { tellSome } from './tell.ts';
import { firstWaiting } from './waiting-list.ts';

type Of<Type extends Message<'flows'>['type']> = Extract<Message<'flows'>, { type: Type }>;

/** Transactions of one message; then another one goes on, so that no worker runs out of time. */
const mostStretches = 50;

/** Later makings and later versions sort behind. */
const nameOf = ({ uid, version }: { uid: string; version: number }) => `${uid} ${String(version).padStart(12, '0')}`;

const rulesOf = async (ports: Ports, account: AccountId): Promise<Restocking> =>
  restockingOf(await readAccount(ports, account));

/** A variant changed: whoever waits for it is told when it has come into stock by that. */
export async function takeStock(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { variant, uid, version, was, is }: Pick<Of<'variant'>, 'variant' | 'uid' | 'version' | 'was' | 'is'>,
): Promise<void> {
  const { minimum } = await rulesOf(ports, account);
  if (is.stock < minimum || (was !== null && was.stock >= minimum)) return;
  // Who comes later than this looks at the stock (`lookAtStock`).
  if (!(await firstWaiting(ports, account, variant))) return;
  await tellOf(ports, account, flows, await open(ports, account, variant, nameOf({ uid, version })));
}

/** Somebody waits for a variant now: if it is in stock, there is a restock to be told of. */
export async function lookAtStock(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { variant }: Pick<Of<'waits'>, 'variant'>,
): Promise<void> {
  const [{ minimum }, found] = await Promise.all([rulesOf(ports, account), stockOf(ports, account, variant)]);
  if (found === undefined || found.stock < minimum) return;
  const run = await ports.store.get(restockKey(account, variant));
  const restock = run?.status === 'open' ? run.restock : nameOf(found);
  await tellOf(ports, account, flows, await open(ports, account, variant, restock));
}

/** A batch is due, or goes on. Where the clock of this host is behind that of who set its timer, it is set again. */
export async function tellOn(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { variant, restock, batch }: Batch,
): Promise<void> {
  const run = await ports.store.get(restockKey(account, variant));
  if (run?.restock !== restock || run.batch !== batch) return;
  const until = run.status === 'over' || run.until === undefined ? -Infinity : instantOf(run.until);
  if (until > ports.clock.now()) return setTimer(ports, timerOf(account, { variant, restock, batch }, until));
  await tellOf(ports, account, flows, { variant, run });
}

type Batch = Pick<Of<'restock'>, 'variant' | 'restock' | 'batch'>;

/** The timer of a batch that waits. */
const timerOf = (account: AccountId, of: Batch, at: Instant): Due<'flows'> => ({
  account,
  at,
  queue: 'flows',
  id: `${of.restock} ${of.batch}`,
  message: { type: 'restock', account, ...of },
  renewable: true,
});

interface Restock {
  variant: string;
  run: RestockItem;
}

/** The restock of this name, begun unless it or a later one is there; one that was over begins anew. */
function open(ports: Ports, account: AccountId, variant: string, restock: string): Promise<Restock> {
  return untilWon(async () => {
    const key = restockKey(account, variant);
    const there = await ports.store.get(key);
    if (there && (there.restock > restock || (there.restock === restock && there.status === 'open'))) {
      return { variant, run: there };
    }
    const version = (there?.version ?? 0) + 1;
    const run: RestockItem = { ...key, kind: 'restock', version, restock, status: 'open', batch: 0, told: 0 };
    await ports.store.write({ put: run, if: there ? { equals: { version: there.version } } : { absent: true } });
    return { variant, run };
  }, 30);
}

/** Tells as many as the batch may; behind the last of them the next batch waits. */
async function tellOf(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { variant, run }: Restock,
): Promise<void> {
  const { restock, batch } = run;
  const same = { variant, restock, batch };
  // What was just read need not be read again: what has moved on since makes the write fail.
  let seen: RestockItem | undefined = run;
  const stretchOn = async () => {
    const now = seen ?? (await ports.store.get(restockKey(account, variant)));
    seen = undefined;
    return takeStretch(ports, account, flows, same, now);
  };
  for (let stretch = 0; stretch < mostStretches; stretch += 1) if (!(await untilWon(stretchOn, 50))) return;
  await ports.queue.send('flows', [{ body: { type: 'restock', account, ...same } }]);
}

/** Takes the batch one write further; false when it is not its turn, or nobody is left to be told. */
async function takeStretch(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { variant, restock, batch }: Batch,
  run: RestockItem | undefined,
): Promise<boolean> {
  if (run?.restock !== restock || run.batch !== batch || run.status === 'over') return false;
  const now = ports.clock.now();
  if (run.until !== undefined && run.until > sortable(now)) return false;
  if (run.room === undefined) return beginBatch(ports, account, { variant, run });
  if (run.told < run.room) return tellSome(ports, account, flows, { variant, run, most: run.room - run.told });

  const at = now + (await rulesOf(ports, account)).wait_minutes * minute;
  const next: RestockItem = { ...run, version: run.version + 1, batch: batch + 1, told: 0, until: sortable(at) };
  delete next.room;
  const timer = await defer(ports, timerOf(account, { variant, restock, batch: batch + 1 }, at));
  await ports.store.transact([{ put: next, if: { equals: { version: run.version } } }, timer]);
  return false;
}

/** What is in stock at this moment is what the batch may tell of; it is not read again before the next one. */
async function beginBatch(ports: Ports, account: AccountId, { variant, run }: Restock): Promise<boolean> {
  const [rules, found] = await Promise.all([rulesOf(ports, account), stockOf(ports, account, variant)]);
  const stock = found?.stock ?? 0;
  const goesOn = stock >= rules.minimum;
  const begun: RestockItem = goesOn
    ? { ...run, version: run.version + 1, room: Math.floor(stock) * rules.per_unit }
    : { ...run, version: run.version + 1, status: 'over' };
  await ports.store.write({ put: begun, if: { equals: { version: run.version } } });
  return goesOn;
}
