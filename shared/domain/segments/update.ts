// Brings the memberships of one profile in line with its facts, in one transaction with its derived state.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import { everything } from '../../storage/pages.ts';
import type { StateItem } from '../../storage/items.ts';
import { allPiecesOf, profileKey, segmentsOfProfile, stateKey, totalsKey } from '../../storage/patterns.ts';
import { ConditionFailed, removalOf } from '../../storage/store.ts';
import { erase, gathered } from '../identity/index.ts';
import { affectedBy } from './affected.ts';
import { broughtByEdit } from './brought.ts';
import { evaluate } from './evaluate.ts';
import { glanceAt, snapshotOf } from './gather.ts';
import type { Held, Reason } from './reason.ts';
import { type Segment, conditionsOf } from './segment.ts';
import { totalled } from './totalled.ts';
import { settle } from './settle.ts';
import { closePlaces, placedAmong, placesLeft, stoppedAmong } from './successor.ts';

/** Times beyond cannot be stored, nor will anyone see them. */
const endOfTime: Instant = Date.UTC(9999, 11, 31);

/** Many changes of one profile may be looked at at once; each round one of them wins. */
const attempts = 30;

/**
 * Evaluates the segments that `reason` concerns and writes what changed: memberships, the derived state, and a timer
 * for the earliest flip when none is pending before it. `held` are the definitions to decide by; a profile without
 * derived state is new, and all of them concern it. Safe to repeat, and to run twice at once.
 */
export async function updateProfileSegments(
  ports: Ports,
  account: AccountId,
  profile: string,
  held: Held,
  reason: Reason,
): Promise<void> {
  const { active } = held;
  const concerned = concernedBy(active, reason);
  await untilWon(async () => {
    if (concerned.length === 0 && endsNothing(reason)) {
      const state = await ports.store.get(stateKey(account, profile));
      if (state)
        return settle(ports, account, profile, { state, verdicts: new Map(), events: newsOf(reason), by: held });
    }
    return look(ports, account, profile, held, concerned, reason);
  }, attempts);
}

/** Nothing that could end the profile itself, or a membership of it. */
const endsNothing = ({ changed, due = [], gone = [], outdated }: Reason) =>
  changed?.properties !== true && due.length === 0 && gone.length === 0 && outdated !== true;

const newsOf = ({ changed, newest }: Reason) => ({ metrics: changed?.metrics ?? [], newest });

const isIn = (state: StateItem | undefined, { id }: Segment) => state?.segments.includes(id) === true;

/** Each segment once, as it is named last. */
const distinct = (segments: readonly Segment[]) => [...new Map(segments.map((one) => [one.id, one])).values()];

function concernedBy(active: readonly Segment[], { changed, span, segments = [] }: Reason): Segment[] {
  return [...new Set([...(changed ? affectedBy(active, changed, span) : []), ...segments])];
}

async function look(
  ports: Ports,
  account: AccountId,
  id: string,
  held: Held,
  concerned: readonly Segment[],
  reason: Reason,
): Promise<void> {
  const { active, ids } = held;
  const { due = [], outdated } = reason;
  const glance = await glanceAt(ports, account, id);
  const { profile, merged, state, lists } = glance;
  // What moves to where the person lives is told of there by the change feed.
  if (merged) {
    await gathered(ports, account, id);
    return;
  }
  if (!profile) return forget(ports, account, id);
  if (profile.absorbing !== undefined) {
    // Half of the facts could be true of a segment that the whole is not true of.
    await gathered(ports, account, id);
    throw new ConditionFailed();
  }
  const pending = state?.timer;
  const fallen = pending !== undefined && due.includes(pending);
  const whole = state === undefined || fallen;
  const more = whole ? active : placedAmong(active, glance);
  const segments = more.length > 0 ? distinct([...more, ...concerned]) : concerned;
  // A timer that arrives a little early has fallen due all the same: nobody would send it again.
  const early = Math.max(ports.clock.now(), fallen ? instantOf(pending) : 0);
  const conditions = segments.flatMap(({ definition }) => conditionsOf(definition));
  const whose = { ports, account, profile: id };
  const { now, measured, totals } = await totalled(whose, glance, conditions, early, { active, reason });
  const snapshot = await snapshotOf(ports, account, { profile, lists }, conditions, now, { measured });
  const missing = outdated === true ? (state?.segments ?? []).filter((segment) => !ids.has(segment)) : [];
  const verdicts = new Map([...(reason.gone ?? []), ...missing].map((segment): [string, boolean] => [segment, false]));
  let flip: Instant | undefined;
  for (const { id: segment, definition } of segments) {
    const { member, flipsAt, lookAgainAt } = evaluate(definition, snapshot, now);
    verdicts.set(segment, member);
    const next = flipsAt ?? lookAgainAt ?? Infinity;
    if (next < Math.min(flip ?? Infinity, endOfTime)) flip = next;
  }
  const places = placesLeft(glance, now);
  if (places.size > 0) for (const segment of stoppedAmong(glance, held)) verdicts.set(segment, true);
  const entered = segments.filter((one) => verdicts.get(one.id) && !isIn(state, one) && !places.has(one.id));
  const brought =
    entered.length > 0
      ? await broughtByEdit(whose, entered, { glance: { ...glance, profile }, reason, now, snapshot, measured })
      : [];
  await settle(ports, account, id, {
    state,
    verdicts,
    events: newsOf(reason),
    built: new Set(brought),
    places,
    by: held,
    now,
    timer: timerAfter(fallen ? undefined : pending, flip),
    totals,
    fence: reason.changed !== undefined && concerned.length > 0,
  });
  await closePlaces(ports, glance, verdicts, now);
  // Without a state, whoever ends the profile cannot see that somebody is about to write one.
  if (!state && !(await ports.store.get(profileKey(account, id)))) throw new ConditionFailed();
}

/** The pending timer stays when it comes before the flip: falling due, it looks at everything and sets the next. */
function timerAfter(pending: string | undefined, flip: Instant | undefined): string | undefined {
  if (flip === undefined) return pending;
  const time = sortable(flip);
  return pending === undefined || time < pending ? time : pending;
}

/** A profile that is gone is in no segment; what turns up of a person who was forgotten is removed. */
async function forget(ports: Ports, account: AccountId, profile: string): Promise<void> {
  const members = await everything(ports.store, segmentsOfProfile(account, profile));
  const pieces = await everything(ports.store, allPiecesOf(account, profile));
  const derived = [stateKey(account, profile), totalsKey(account, profile)];
  await ports.store.writeMany([...members, ...pieces, ...derived].map(removalOf));
  await erase(ports, account, profile);
}
