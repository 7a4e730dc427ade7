// Lets some of those go on who wait for a variant, in one transaction with the count of the batch.
import type { AccountId } from '../../kernel/ids.ts';
import { sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, ProfileItem, RestockItem, ToldItem } from '../../storage/items.ts';
import { profileKey, toldKey } from '../../storage/patterns.ts';
import type { Check, Key, Write } from '../../storage/store.ts';
import { gathered } from '../identity/index.ts';
import { moved } from './advance.ts';
import type { Flow } from './definition.ts';
import { actionOf } from './graph.ts';
import { type Next, goTo } from './step.ts';
import { waitingPages } from './waiting-list.ts';

/** People of one transaction: three actions each, and the count of the batch. */
const mostPeople = 32;

interface Batch {
  variant: string;
  run: RestockItem;
  /** How many may still be told. */
  most: number;
}

/**
 * Tells the oldest who wait, at most `most`. Whoever was told of this restock already, by the same flow, leaves instead.
 * False when nobody waits. Throws a conflict when the world has changed meanwhile.
 */
export async function tellSome(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  batch: Batch,
): Promise<boolean> {
  for await (const page of waitingPages(ports, account, batch.variant, Math.min(batch.most, mostPeople))) {
    const people = [...new Set(page.map(({ profile }) => profile))];
    const profiles = await ports.store.getMany(people.map((profile) => profileKey(account, profile)));
    const pieces = people.filter((_, place) => !isWhole(profiles[place]));
    // Merged meanwhile: where they were told of what is known when they are one again. The index learns of it too.
    for (const person of pieces) await gathered(ports, account, person);
    const whole = page.filter(({ profile }) => !pieces.includes(profile));
    if (whole.length === 0) continue;
    await letGo(ports, account, flows, batch, whole);
    return true;
  }
  return false;
}

const isWhole = (profile: ProfileItem | undefined) => profile !== undefined && (profile.absorbing ?? []).length === 0;

async function letGo(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { variant, run }: Batch,
  waiting: readonly EnrolmentItem[],
): Promise<void> {
  const keyOf = ({ profile, flow }: EnrolmentItem): Key<ToldItem> => toldKey(account, profile, flow, variant);
  const known = await ports.store.getMany(waiting.map(keyOf));
  const now = sortable(ports.clock.now());
  const seen = new Set<string>();
  const writes: (Write | Check)[] = waiting.flatMap((before, place) => {
    const key = keyOf(before);
    const name = `${key.pk} ${key.sk}`;
    const last = known[place];
    const again = seen.has(name) || last?.restock === run.restock;
    const next: Next = again ? { status: 'exited', reason: 'Told already' } : onward(flows, before);
    const move: Write = { put: moved(before, next, now), if: { equals: { version: before.version } } };
    if (again) return [move];
    seen.add(name);
    const told: ToldItem = { ...key, kind: 'told', flow: before.flow, variant, restock: run.restock };
    return [move, { put: told, if: last ? { equals: { restock: last.restock } } : { absent: true } }];
  });
  const wholes = [...new Set(waiting.map(({ profile }) => profile))].map((profile): Check => ({
    check: profileKey(account, profile),
    if: { present: true, equals: { absorbing: undefined } },
  }));
  const counted: RestockItem = { ...run, version: run.version + 1, told: run.told + seen.size };
  await ports.store.transact([{ put: counted, if: { equals: { version: run.version } } }, ...writes, ...wholes]);
}

/** To what follows the delay by now; one that was taken out leads to what followed it (`standing`). */
function onward(flows: readonly Flow[], { flow: id, step }: EnrolmentItem): Next {
  const flow = flows.find((one) => one.id === id);
  if (!flow) return { status: 'exited', reason: 'Flow Deleted' };
  const delay = step === undefined ? undefined : actionOf(flow.definition, step);
  return goTo(delay?.type === 'back-in-stock-delay' ? delay.links.next : (step ?? null));
}
