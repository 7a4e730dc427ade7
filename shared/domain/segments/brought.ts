// Whether an edit brought somebody in, or what happened since. While its build is under way, whoever is looked at for
// another reason may have belonged in all along, and whom the build finds may have come since. Editing starts no flow
// (behaviour 4.3), entering by data or time does.
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { affectedBy } from './affected.ts';
import { cameSince } from './came-since.ts';
import type { Definition } from './definition.ts';
import { evaluate } from './evaluate.ts';
import { type Glance, snapshotOf } from './gather.ts';
import type { Measured } from './measure.ts';
import type { Occurrence } from './occurrence.ts';
import type { Whose } from './read-events.ts';
import type { Reason } from './reason.ts';
import type { Snapshot } from './snapshot.ts';
import { type Segment, conditionsOf, metricsOf } from './segment.ts';
import { underWay } from './under-way.ts';

/** What a look has found out of somebody; the snapshot is of `now`, and what it lacks of events was measured. */
interface Looked {
  glance: Glance & { profile: ProfileItem };
  reason: Reason;
  now: Instant;
  snapshot: Snapshot;
  measured: Measured | undefined;
}

const none: ReadonlySet<string> = new Set();

/**
 * Those of the segments, which somebody is about to enter, that an edit brings them into: they are built, and the person
 * belonged in at the instant of the edit, and still without what the look was told of. What properties and consents were then
 * nobody knows: where one that the segment mentions changed since, that is taken to be what brings them in, as far as it was told.
 */
export async function broughtByEdit(whose: Whose, entered: readonly Segment[], looked: Looked): Promise<string[]> {
  const { glance, reason } = looked;
  const { built = none } = reason;
  const possible = entered.filter(
    (one) => glance.profile.created <= editedAt(one) && !mentionsUnknown(one, glance, reason),
  );
  const others = possible.filter(({ id }) => !built.has(id));
  const building = await underWay(whose.ports, whose.account, others);
  const answers = await Promise.all(
    possible
      .filter((one) => built.has(one.id) || building.includes(one))
      .map(async (one) => (isQuiet(one, looked) || (await belonged(whose, one, looked)) ? one.id : [])),
  );
  return answers.flat();
}

/** When the definition became what it is, `sortable`; those of before that was kept tell when they were last changed. */
const editedAt = ({ edited, updated }: Segment): string => edited ?? updated;

/** Whether something was told of that it mentions, and that may have changed since: a property, a consent, a list that was left. */
function mentionsUnknown(segment: Segment, { profile, lists }: Looked['glance'], { changed }: Reason): boolean {
  if (changed === undefined) return false;
  const there = new Set(lists.map(({ group }) => group));
  const left = changed.lists.filter((list) => !there.has(list));
  const same = profile.updated < editedAt(segment) && { properties: false, consent: false };
  return affectedBy([segment], { ...changed, ...same, metrics: [], lists: left }).length > 0;
}

const tellsNothing = ({ changed, due = [] }: Reason) =>
  due.length === 0 && (changed === undefined || changed.metrics.length + changed.lists.length === 0);

/**
 * Nothing was told, nothing that was seen on the way came since, and time alone has not brought them in: so it is with nearly
 * all whom a build finds. Of the very instant of the edit, which a clock that stands still makes long, a build takes things to
 * be before, and who is told of them since.
 */
function isQuiet(segment: Segment, { glance, reason, snapshot, measured }: Looked): boolean {
  const edited = editedAt(segment);
  if (!tellsNothing(reason) || glance.lists.some(({ joined }) => joined > edited)) return false;
  const since = instantOf(edited);
  for (const metric of metricsOf(segment.definition))
    for (const { at } of eventsMet(metric, snapshot, measured)) if (at > since) return false;
  // The snapshot may lack what counted then and does not now: who was not in by it has to be looked at more closely.
  return evaluate(segment.definition, snapshot, since).member;
}

/** The events of a metric that the look has read on its way. */
function* eventsMet(metric: string, { events }: Snapshot, measured?: Measured): Iterable<Occurrence> {
  yield* events.get(metric) ?? [];
  for (const [, occurrence] of measured?.tails.get(metric)?.occurrences ?? []) yield occurrence;
}

/**
 * Whether the person was in at the instant of the edit, by what was there then, and would be now without what was told since.
 * Who belonged in before the edit too was about to enter by what had happened then.
 */
async function belonged(whose: Whose, segment: Segment, { glance, reason, now }: Looked): Promise<boolean> {
  const { ports, account } = whose;
  const { definition, previous } = segment;
  const edited = editedAt(segment);
  const since = instantOf(edited);
  const events = await cameSince(whose, segment, reason, edited);
  const holds = async (wanted: Definition, instant: Instant, lists: Glance['lists'], without: ReadonlySet<string>) => {
    const known = { ...glance, lists };
    const snapshot = await snapshotOf(ports, account, known, conditionsOf(wanted), instant, { without });
    return evaluate(wanted, snapshot, instant).member;
  };
  const joined = glance.lists.filter((one) => one.joined < edited);
  if (!(await holds(definition, since, joined, events.all))) return false;
  if (previous && (await holds(previous, since, joined, events.all))) return false;
  if (tellsNothing(reason)) return true;
  const told = new Set(reason.changed?.lists);
  const untold = glance.lists.filter((one) => one.joined < edited || !told.has(one.group));
  // A timer falls due because something turned true then, or false.
  const before = (reason.due ?? []).map((due) => instantOf(due) - 1).filter((instant) => instant > since);
  for (const instant of [...before, now]) {
    if (!(await holds(definition, instant, untold, events.told))) return false;
  }
  return true;
}
