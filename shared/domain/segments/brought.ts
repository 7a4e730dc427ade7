// Whether an edit brought somebody in, or what happened since: while its build is under way, whoever is looked at for
// another reason may have belonged in all along. Editing starts no flow (behaviour 4.3), entering by data or time does.
import { type Instant, instantOf } from '../../kernel/time.ts';
import { buildKey, eventAt, eventsOfProfile } from '../../storage/patterns.ts';
import { everything } from '../../storage/pages.ts';
import { perStore } from '../../storage/per-store.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { affectedBy } from './affected.ts';
import { evaluate } from './evaluate.ts';
import { type Glance, snapshotOf } from './gather.ts';
import type { Whose } from './read-events.ts';
import type { Reason } from './reason.ts';
import { type Segment, conditionsOf } from './segment.ts';
import { isProcessing } from './store.ts';

type Known = Glance & { profile: ProfileItem };

/**
 * Those of the segments, which somebody is about to enter because of `reason`, that an edit brings them into: its build is
 * under way, and they belonged in when it was made and before these facts. What a property or a consent was before nobody
 * knows; where a segment mentions one that changed, that is taken to be what brings them in.
 */
export async function broughtByEdit(
  whose: Whose,
  known: Known,
  entered: readonly Segment[],
  reason: Reason,
  now: Instant,
): Promise<string[]> {
  const candidates = entered.filter(
    (one) => known.profile.created < editedAt(one) && !mentionsUnknown(one, known, reason),
  );
  const building = await buildingOf(whose, candidates);
  const answers = await Promise.all(
    building.map(async (one) => ((await belonged(whose, known, one, reason, now)) ? one.id : [])),
  );
  return answers.flat();
}

/** When the definition became what it is, `sortable`; those of before that was kept tell when they were last changed. */
const editedAt = ({ edited, updated }: Segment): string => edited ?? updated;

/** The editions whose builds have ended, by account and segment: that stays so. */
const ended = perStore<number>();

/** Those whose newest edition is being built, or is yet to be. */
async function buildingOf({ ports, account }: Whose, segments: readonly Segment[]): Promise<Segment[]> {
  const editions = ended(ports.store);
  const nameOf = ({ id }: Segment) => `${account} ${id}`;
  const open = segments.filter((one) => editions.get(nameOf(one)) !== one.edition);
  const builds = await ports.store.getMany(open.map(({ id }) => buildKey(account, id)));
  const building = open.filter((one, i) => isProcessing(one, builds[i]));
  for (const one of open) if (!building.includes(one)) editions.set(nameOf(one), one.edition);
  return building;
}

/** Whether something changed that it mentions and of which nobody knows what it was before; nor since when was on a list who left it. */
function mentionsUnknown(segment: Segment, { lists }: Known, { changed }: Reason): boolean {
  if (changed === undefined) return false;
  const there = new Set(lists.map(({ group }) => group));
  const left = changed.lists.filter((list) => !there.has(list));
  return affectedBy([segment], { ...changed, metrics: [], lists: left }).length > 0;
}

/** Whether the person was in at the instant of the edit, and would be now, without what was told since. */
async function belonged(whose: Whose, known: Known, segment: Segment, reason: Reason, now: Instant): Promise<boolean> {
  const { ports, account } = whose;
  const edited = editedAt(segment);
  const conditions = conditionsOf(segment.definition);
  const without = await eventsSince(whose, reason, edited);
  const told = new Set(reason.changed?.lists);
  const whole = { ...known, lists: known.lists.filter(({ group, joined }) => !told.has(group) || joined < edited) };
  // A timer falls due because something turned true then, or false.
  const since = instantOf(edited);
  const before = (reason.due ?? []).map((due) => instantOf(due) - 1).filter((instant) => instant > since);
  for (const instant of [since, ...before, now]) {
    const snapshot = await snapshotOf(ports, account, whole, conditions, instant, { without });
    if (!evaluate(segment.definition, snapshot, instant).member) return false;
  }
  return true;
}

/** The events that the look was told of and that came after the edit, by `sk`; a merge may have brought older ones. */
async function eventsSince(
  { ports, account, profile }: Whose,
  { changed, span }: Reason,
  edited: string,
): Promise<Set<string>> {
  const range = span ?? { from: edited };
  const marks = await Promise.all(
    (changed?.metrics ?? []).map((metric) => everything(ports.store, eventsOfProfile(account, profile, metric, range))),
  );
  const items = await ports.store.getMany(marks.flat().map(({ sk }) => eventAt(account, profile, sk)));
  const came = items.filter((item) => item && (item.recorded >= edited || item.origin !== undefined));
  return new Set(came.flatMap((item) => item?.sk ?? []));
}
