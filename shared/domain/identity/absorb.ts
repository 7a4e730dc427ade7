// What a merge left in the partition of the profile that is gone moves to the one that lives, a transaction at a time.
// Whoever finds a person in pieces may bring them together: doing it twice, or two at once, ends the same.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon, writeIfStill } from '../../storage/conflict.ts';
import type { EventItem } from '../../storage/items.ts';
import { pagesOf } from '../../storage/pages.ts';
import { type PersonItem, definitionKey, everythingOf, mergedKey, profileKey } from '../../storage/patterns.ts';
import { type Check, ConditionFailed, type Key, type Write } from '../../storage/store.ts';
import { type Way, wayFrom } from './living.ts';
import { type Moving, moverOf, remembering } from './movers.ts';
import { foundTwice } from './repeated.ts';

/** Several workers may bring one person together at once, and every transaction of one makes another look again. */
const attempts = 200;
/** Rounds of work that loses against others. */
const rounds = 30;

type Stores = Pick<Ports, 'store' | 'clock'>;

/**
 * Moves what lies under `source`, which was merged away, to where the person lives now; answers that id, or undefined
 * when nobody lives there.
 */
export function absorb(ports: Stores, account: AccountId, source: string): Promise<string | undefined> {
  return bringTogether(ports, account, source, ({ gone }) => gone);
}

/** The id under which the person with this id lives, with everything that merges left elsewhere moved there. */
export function gathered(ports: Stores, account: AccountId, id: string): Promise<string | undefined> {
  return bringTogether(ports, account, id, ({ profile, gone }) => [...gone, ...(profile?.absorbing ?? [])]);
}

/**
 * Work about a person whom messages name by an id that may have been merged away, or is being merged into. Done as
 * `untilWon` does it: when `work` throws a conflict, the person is brought together and it is done again, with the id
 * under which the person lives and `settled`: what is not there by then is not there.
 */
export function aboutPerson<T>(
  ports: Stores,
  account: AccountId,
  id: string,
  work: (profile: string, settled: boolean) => Promise<T>,
): Promise<T> {
  let settled = false;
  return untilWon(async () => {
    const profile = settled ? ((await gathered(ports, account, id)) ?? id) : id;
    const now = settled;
    settled = true;
    return work(profile, now);
  }, rounds);
}

/** Throws a conflict for a person in pieces, for `aboutPerson` to bring them together. */
export function refusePieces(profile: { absorbing?: string[] } | undefined): void {
  if ((profile?.absorbing ?? []).length > 0) throw new ConditionFailed();
}

async function bringTogether(
  ports: Stores,
  account: AccountId,
  id: string,
  partsOf: (way: Way) => readonly string[],
): Promise<string | undefined> {
  const { store } = ports;
  return untilWon(async () => {
    const way = await wayFrom(ports, account, id);
    if (!way.profile) return undefined;
    const { id: home, absorbing = [] } = way.profile;
    const parts = new Set(partsOf(way));
    for (const source of parts) await moveAll(ports, account, source, home);
    const rest = absorbing.filter((source) => !parts.has(source));
    if (rest.length < absorbing.length) {
      await store.write({
        update: profileKey(account, home),
        ...(rest.length > 0 ? { set: { absorbing: rest } } : { remove: ['absorbing'] }),
        add: { version: 1 },
        if: { equals: { absorbing } },
      });
    }
    return home;
  }, attempts);
}

/** Items that one transaction moves: each takes two writes and a check. A page of the database is smaller than a transaction may be. */
const mostItems = 30;

/** Until nothing is left: what was written here meanwhile by those who did not know of the merge comes along too. */
async function moveAll(ports: Stores, account: AccountId, source: string, home: string): Promise<void> {
  for (let found = true; found;) {
    found = false;
    for await (const page of pagesOf(ports.store, everythingOf(account, source))) {
      const items = page.items.filter((item) => moverOf(item) !== 'stays');
      for (let from = 0; from < items.length; from += mostItems) {
        found = true;
        await moveSome(ports, { account, source, home }, items.slice(from, from + mostItems));
      }
    }
  }
}

async function moveSome({ store, clock }: Stores, way: Moving & { source: string }, items: readonly PersonItem[]) {
  const now = clock.now();
  const lists = await listsThere({ store }, way.account, items);
  const moves = items.map((item) => {
    // Whoever empties a removed list may have been at the survivor already.
    const mover = item.kind === 'list-member' && !lists.has(item.group) ? 'ends' : moverOf(item);
    const left = item.kind === 'segment-member' ? remembering(item, way, now) : undefined;
    return { item, mover, left, moved: typeof mover === 'object' ? mover.moved(item, way) : undefined };
  });
  const there = await store.getMany<PersonItem>(moves.map(({ item, moved }): Key<PersonItem> => moved ?? item));
  const lost: PersonItem[] = [];
  const again: EventItem[] = [];
  const writes = moves.flatMap(({ item, mover, left, moved }, place): Write[] => {
    // Who was slower must not leave a note again that has been taken away.
    if (left) return [{ remove: item, if: { present: true } }, { put: left }];
    if (typeof mover !== 'object' || !moved) return [{ remove: item }];
    const gone: Write = { remove: item, if: { equals: mover.version(item) } };
    const known = there[place];
    const along = mover.along?.(item, way) ?? [];
    if (!known) return [gone, { put: moved, if: { absent: true } }, ...along];
    const wins = mover.wins(item, known);
    lost.push(wins ? known : item);
    if (isEvent(known) && isEvent(moved)) again.push(wins ? known : moved);
    return wins ? [gone, { put: moved, if: { equals: mover.version(known) } }, ...along] : [gone, ...along];
  });
  // Beforehand, so that a crash in between loses no note.
  await Promise.all(again.map((event) => writeIfStill(store, foundTwice(way.account, event))));
  const standing = [
    profileKey(way.account, way.home),
    ...[...lists].map((id) => definitionKey(way.account, 'list', id)),
  ];
  const checks = standing.map((check): Check => ({ check, if: { present: true } }));
  await store.transact([...checks, ...writes, ...(await leftFiles({ store }, way, lost))]);
}

/** The lists that are still there, of those that the items are memberships of. */
async function listsThere(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  items: readonly PersonItem[],
): Promise<Set<string>> {
  const ids = items.flatMap((item) => (item.kind === 'list-member' ? item.group : []));
  const found = await store.getMany(ids.map((id) => definitionKey(account, 'list', id)));
  return new Set(ids.filter((_, place) => found[place]));
}

/** Events that were known already leave their files behind: kept in mind for the job that finishes the merge. */
async function leftFiles(
  { store }: Pick<Ports, 'store'>,
  { account, source }: { account: AccountId; source: string },
  lost: readonly PersonItem[],
): Promise<Write[]> {
  const files = lost.flatMap((item) => (isEvent(item) ? (item.file ?? []) : []));
  if (files.length === 0) return [];
  const key = mergedKey(account, source);
  const known = (await store.get(key))?.files;
  return [{ update: key, set: { files: [...(known ?? []), ...files] }, if: { equals: { files: known } } }];
}

const isEvent = (item: PersonItem): item is EventItem => item.kind === 'event';
