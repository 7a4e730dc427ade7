import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { MemberItem, StateItem, TotalsItem } from '../../storage/items.ts';
import { memberIndex, segmentMemberKey, stateKey } from '../../storage/patterns.ts';
import { type Key, type Put, type Update, type Write, removalOf } from '../../storage/store.ts';
import { defer } from '../timers/index.ts';
import { lookAt } from './look.ts';
import type { Heads } from './heads-text.ts';
import { levelNow, levelOf } from './level.ts';
import type { Held } from './reason.ts';

/** What was found out about a profile. */
export interface Finding {
  /** The state that it was found out upon; undefined: none was there. */
  state: StateItem | undefined;
  /** By segment, whether the profile belongs in. Segments that are not named stay as they are. */
  verdicts: ReadonlyMap<string, boolean>;
  /** Metrics with new events, and the time of the newest of these events, `sortable`. */
  events: { metrics: readonly string[]; newest: string | undefined };
  /** Entering these is the work of a build or an edit. */
  built?: ReadonlySet<string>;
  /** Whoever enters these takes the place of somebody who was in since then, `sortable`. */
  places?: ReadonlyMap<string, string>;
  /** The definitions that it was found out by. */
  by: Pick<Held, 'stamp' | 'asOf'>;
  now?: Instant;
  /** The timer that shall be pending, `sortable`; with `now` and without a timer, none. */
  timer?: string | undefined;
  totals?: Totalled | undefined;
  /**
   * Facts changed that segments mention: then the state is written even when nothing else is to be, so that a look which
   * read before these facts, and has yet to write, finds another state and looks again.
   */
  fence?: boolean;
}

/** What was found out by totals, which others may count anew meanwhile: then the state must not be what it was. */
export interface Totalled {
  /** To be kept, over what has this version (undefined: nothing). */
  next?: TotalsItem;
  /** Pieces that go with it, and those that it does not name any more. */
  puts?: readonly Put[];
  gone?: readonly Key[];
  over: number | undefined;
  /** State and totals move together: they say something else than before of the same events, or the state gives up what it held of them. */
  together: boolean;
  /** What the state holds of them from now on. */
  heads: Heads;
}

/** What one transaction takes beside the state, the timer, and totals with their pieces. */
const mostMembers = 60;

/**
 * Writes a finding: nothing when nothing changed, one update when only times did or to fence off slower looks, else
 * transactions in which state and memberships move together. Throws a conflict when the state is no longer what it was found out upon.
 */
export async function settle(ports: Ports, account: AccountId, profile: string, finding: Finding): Promise<void> {
  const { state: before, verdicts, now, totals, by } = finding;
  const timer = now === undefined ? before?.timer : finding.timer;
  const there = new Set(before?.segments);
  const changes = [...verdicts].filter(([segment, member]) => there.has(segment) !== member);
  const seen = eventsAfter(before, finding.events);
  const timed = timer !== before?.timer;
  const isFenced = finding.fence === true || totals !== undefined;
  if (before && changes.length === 0 && !timed && !seen.changed && !isFenced) return;
  const kept = totals?.next && keeping(totals.next, totals.over);
  if (totals?.gone && totals.gone.length > 0) await ports.store.writeMany(totals.gone.map(removalOf));
  // Taking in some more events says nothing new, and may go by itself.
  if (kept && !totals.together) await ports.store.write(kept);
  const along = kept && totals.together ? [kept, ...(totals.puts ?? [])] : [];
  const recounts = totals?.together === true && totals.next ? totals.next.recounts : before?.recounts;
  const { heads, legs } = totals?.heads ?? { heads: before?.heads, legs: before?.legs };
  const level = totals || !before ? levelNow : levelOf(before);
  const wake = timed && timer !== undefined ? [await wakeUp(ports, account, profile, timer)] : [];
  let state = before;
  // Each transaction leaves a state that is true of the memberships then there; after a crash the rest is found again.
  for (let from = 0; from === 0 || from < changes.length; from += mostMembers) {
    const part = changes.slice(from, from + mostMembers);
    for (const [segment, member] of part) {
      if (member) there.add(segment);
      else there.delete(segment);
    }
    const version = (state?.version ?? 0) + 1;
    const next: StateItem = {
      ...stateKey(account, profile),
      kind: 'state',
      version,
      segments: [...there],
      metrics: seen.metrics,
      decided: by.stamp,
      current: sortable(by.asOf),
      ...(timer !== undefined && { timer }),
      ...(seen.last_event !== undefined && { last_event: seen.last_event }),
      ...(recounts !== undefined && { recounts }),
      ...(heads !== undefined && { heads }),
      ...(legs !== undefined && { legs }),
      knows: { level, version },
    };
    const joined = sortable(now ?? ports.clock.now());
    const writes: Write[] = [
      replacing(state, next),
      ...(from === 0 ? [...wake, ...along] : []),
      ...part.map(([segment, member]) => {
        if (!member) return { remove: segmentMemberKey(account, profile, segment) };
        return { put: membership(account, profile, segment, joined, finding) };
      }),
    ];
    const [only, ...more] = writes;
    if (only && more.length === 0) await ports.store.write(only);
    else await ports.store.transact(writes);
    state = next;
  }
}

const keeping = (next: TotalsItem, over: number | undefined): Put => ({
  put: next,
  if: over === undefined ? { absent: true } : { equals: { version: over } },
});

function replacing(before: StateItem | undefined, next: StateItem): Put | Update {
  if (!before) return { put: next, if: { absent: true } };
  const { pk, sk, ...set } = next;
  return {
    update: { pk, sk },
    set,
    remove: ['timer', 'heads', 'legs'].filter((name) => !Object.hasOwn(next, name)),
    if: { equals: { version: before.version } },
  };
}

function membership(
  account: AccountId,
  profile: string,
  segment: string,
  now: string,
  { built, places }: Pick<Finding, 'built' | 'places'>,
): MemberItem {
  const joined = places?.get(segment) ?? now;
  const isQuiet = built?.has(segment) === true || places?.has(segment) === true;
  return {
    ...segmentMemberKey(account, profile, segment),
    ...memberIndex(account, segment, profile, joined),
    kind: 'segment-member',
    group: segment,
    profile,
    joined,
    ...(isQuiet && { built: true as const }),
  };
}

/** The timer of a profile: when it falls due, all its segments are looked at. */
function wakeUp(ports: Ports, account: AccountId, profile: string, timer: string): Promise<Put> {
  return defer(ports, {
    account,
    at: instantOf(timer),
    queue: 'segments',
    id: `segments ${profile}`,
    message: lookAt(account, profile, { due: timer }),
  });
}

/** The newest event of the profile and of each metric; facts that come twice or late change nothing. */
function eventsAfter(before: StateItem | undefined, { metrics, newest }: Finding['events']) {
  const known = before?.metrics ?? {};
  const newer = newest === undefined ? [] : metrics.filter((metric) => (known[metric] ?? '') < newest);
  const last = before?.last_event;
  return {
    changed: newer.length > 0,
    metrics: { ...known, ...Object.fromEntries(newer.map((metric) => [metric, newest ?? ''])) },
    last_event: newer.length > 0 && newest !== undefined && (last ?? '') < newest ? newest : last,
  };
}
