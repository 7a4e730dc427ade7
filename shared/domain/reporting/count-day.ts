// How the marked quarters of a day are counted anew: out of the feed, into the tally of the day and into its file.
import type { AccountId } from '../../kernel/ids.ts';
import { groupsOf } from '../../kernel/groups.ts';
import { type Instant, instantOf, minute, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import type { TallyItem, UntalliedItem } from '../../storage/items.ts';
import { profileOf, tallied, tallyKey, untalliedKey } from '../../storage/patterns.ts';
import { ConditionFailed, type Key, type Update, isConflict } from '../../storage/store.ts';
import { longestStandstill } from '../timers/index.ts';
import { type Details, type Group, grouping, packed, peopleIn, personIn, unpacked } from './details.ts';
import { entriesOf, tellingsOf } from './feed.ts';
import { entryOf, quarter } from './quarters.ts';
import { add, nothing } from './sums.ts';

/** A day of a metric, `2026-11-28`. */
export interface Day {
  metric: string;
  day: string;
}

/** Entries after which no further quarter is taken along, and people of a day, again in each quarter, that are kept. */
const [mostAtOnce, mostPeople] = [200_000, 1_000_000];

/** A quarter that was counted. */
interface Counted {
  mark: UntalliedItem;
  groups: Group[];
}

/** After this whoever counted a day has come to their end, one way or the other: the function's time is up before. */
const longestCount = 3 * minute;
/** Files that are taken away before that is noted: where every other call fails, the rest gets its turn. */
const fewStrays = 10;

/** What became of a count: until when somebody else may be counting the day, or a mark that it did not get to. */
interface Ended {
  leased?: Instant;
  left?: UntalliedItem;
}

/**
 * Counts the quarters of these marks, the first of them at least, writes what they come to and takes the marks away, all or
 * nothing. Throws a conflict when something came meanwhile: then the marks are to be read again.
 */
export async function countDay(
  ports: Ports,
  account: AccountId,
  of: Day,
  marks: readonly UntalliedItem[],
): Promise<Ended> {
  const key = tallyKey(account, of.metric, of.day);
  const before = await ports.store.get(key);
  const now = ports.clock.now();
  const leased = before?.since === undefined ? now : instantOf(before.since) + longestCount;
  if (now < leased) return { leased };
  // Whoever counted before may have ended before this, and the name is given up below.
  if (before?.old !== undefined) await ports.files.remove(before.old);
  const draft = `${account}/tallies/${of.metric}/${of.day}/${ports.ids.ulid()}`;
  // Named before it is there: should we end here, whoever counts next takes it away.
  const strays = before?.draft === undefined ? {} : strayedWith(before, before.draft, now);
  const lease = { kind: 'tally', draft, since: sortable(now), ...strays };
  const unchanged = { equals: { file: before?.file, draft: before?.draft } };
  await ports.store.write({ update: key, set: lease, if: unchanged });
  try {
    const counted = await countMarked(ports, account, of.metric, marks);
    const details = await detailsWith(ports, before, counted);
    // Whoever was held up until others gave the name up writes no file under it.
    if ((await ports.store.get(key))?.draft !== draft) throw new ConditionFailed();
    if (details) await ports.files.put(draft, packed(details));
    const removals = counted.map(({ mark }) => ({
      remove: untalliedKey(account, of.metric, tallied(mark)),
      if: { equals: { token: mark.token } },
    }));
    await ports.store.transact([renewed(key, { before, counted, details, draft }), ...removals]);
    const left = marks[counted.length];
    return left ? { left } : {};
  } catch (error) {
    // A refusal may be that of our own write, sent again because its answer was lost.
    if ((await ports.store.get(key))?.file === draft) return {};
    // Otherwise it may yet be written: the file stays, its name noted, for whoever counts next.
    if (!isConflict(error)) throw error;
    await ports.files.remove(draft);
    await writeIfStill(ports.store, { update: key, remove: ['draft', 'since'], if: { equals: { draft } } });
    throw error;
  }
}

function strayedWith({ strays = [] }: TallyItem, draft: string, now: Instant) {
  return { strays: [...strays, draft], strayed: sortable(now) };
}

/**
 * Takes away the files of a day that nobody reads any more. Answers when to come again for those that whoever was held up may
 * still write; undefined: there are none.
 */
export async function clearOld(ports: Ports, account: AccountId, { metric, day }: Day): Promise<Instant | undefined> {
  const key = tallyKey(account, metric, day);
  const item = await ports.store.get(key);
  if (item?.old !== undefined) await ports.files.remove(item.old);
  const { strays = [], strayed } = item ?? {};
  if (strayed === undefined) return undefined;
  const until = instantOf(strayed) + longestStandstill;
  if (ports.clock.now() < until) return until;
  const groups = groupsOf(strays, fewStrays);
  for (const [at, group] of groups.entries()) {
    await Promise.all(group.map((name) => ports.files.remove(name)));
    const rest = groups.slice(at + 1).flat();
    const left = rest.length > 0 ? { set: { strays: rest } } : { remove: ['strays', 'strayed'] };
    await writeIfStill(ports.store, { update: key, ...left, if: { equals: { strayed } } });
  }
  return undefined;
}

/** Counts one quarter after the other, until that is much, or a call fails: what was counted by then is not for nothing. */
async function countMarked(
  ports: Ports,
  account: AccountId,
  metric: string,
  marks: readonly UntalliedItem[],
): Promise<Counted[]> {
  const counted: Counted[] = [];
  let read = 0;
  for (const mark of marks) {
    if (read > mostAtOnce) break;
    try {
      const { groups, entries } = await countQuarter(ports, account, metric, instantOf(tallied(mark)));
      counted.push({ mark, groups });
      read += entries;
    } catch (error) {
      if (counted.length === 0) throw error;
      break;
    }
  }
  return counted;
}

async function countQuarter(ports: Ports, account: AccountId, metric: string, from: Instant) {
  const groups = grouping();
  let read = 0;
  for await (const entries of entriesOf(ports, account, metric, { from, to: from + quarter })) {
    read += entries.length;
    for (const { entry, dims } of await tellingsOf(ports, account, entries)) {
      groups.add(dims, personIn(account, profileOf(entry)), entry.value ?? 0);
    }
  }
  return { groups: groups.groups(), entries: read };
}

/** What the day's file is to tell; undefined when that is too much, and from then on. */
async function detailsWith(
  ports: Ports,
  before: TallyItem | undefined,
  counted: readonly Counted[],
): Promise<Details | undefined> {
  if (before?.crowded) return undefined;
  const text = before?.file === undefined ? packed(new Map()) : await ports.files.get(before.file);
  // A file that is lost is not made up for: its day is counted at every question.
  if (text === undefined) return undefined;
  const details = new Map(unpacked(text));
  for (const { mark, groups } of counted) {
    const entry = entryOf(instantOf(tallied(mark)));
    if (groups.length === 0) details.delete(entry);
    else details.set(entry, groups);
  }
  return peopleIn(details) > mostPeople ? undefined : details;
}

interface Renewal {
  before: TallyItem | undefined;
  counted: readonly Counted[];
  details: Details | undefined;
  draft: string;
}

/** Numbers as text: sums may be smaller, and larger, than the database takes. */
function renewed(key: Key<TallyItem>, { before, counted, details, draft }: Renewal): Update {
  const entries = counted.map(({ mark, groups }) => {
    const sum = nothing();
    for (const group of groups) add(sum, group);
    const text = JSON.stringify([sum.count, sum.sum, sum.lost, ...(details ? [1] : [])]);
    return [entryOf(instantOf(tallied(mark))), sum.count === 0 ? undefined : text] as const;
  });
  const all = {
    ...Object.fromEntries(entries),
    kind: 'tally',
    file: details && draft,
    people: details && peopleIn(details),
    old: before?.file,
    crowded: details ? undefined : true,
    draft: undefined,
    since: undefined,
  };
  const named = Object.entries(all);
  return {
    update: key,
    set: Object.fromEntries(named.filter(([, value]) => value !== undefined)),
    remove: named.flatMap(([name, value]) => (value === undefined ? [name] : [])),
    if: { equals: { file: before?.file, draft } },
  };
}
