import { type Instant, instantOf } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { MemberItem, MergedItem, ProfileItem, StateItem, TotalsItem, WasMemberItem } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { mergedKey, personAtAGlance, profileKey } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { personOf, refusePieces } from '../identity/index.ts';
import type { BuiltCondition } from './definition.ts';
import type { Snapshot } from './snapshot.ts';
import { type Measured, isKept } from './measure.ts';
import { gatherEvents } from './needs.ts';
import { positionsFor } from './postal/positions.ts';
import { loadFor } from './regex.ts';

/** What one consistent read tells of a profile. */
export interface Glance {
  profile?: ProfileItem;
  /** Instead of a profile: it has become part of another one. */
  merged?: MergedItem;
  state?: StateItem;
  totals?: TotalsItem;
  lists: readonly MemberItem[];
  /** Of profiles that became part of this one: the segments that they were in. */
  was: readonly WasMemberItem[];
}

/**
 * The profile, what is derived of it and its lists, read consistently and before any of its events. No fact is older than the
 * state: a verdict upon older ones would be written over that of whoever had seen newer ones.
 */
export async function glanceAt(ports: Ports, account: AccountId, profile: string): Promise<Glance> {
  const query = personAtAGlance(account, profile);
  const { items, next } = await ports.store.query(query);
  const isWhole = next === undefined;
  if (!isWhole) items.push(...(await everything(ports.store, { ...query, after: next })));
  // The profile stands before the state: of more pages than one the first may be old when the next comes (seed 5).
  const [person, merged] = isWhole
    ? [items.find((item) => item.kind === 'profile'), items.find((item) => item.kind === 'merged')]
    : await Promise.all([ports.store.get(profileKey(account, profile)), ports.store.get(mergedKey(account, profile))]);
  const state = items.find((item) => item.kind === 'state');
  const totals = items.find((item) => item.kind === 'totals');
  return {
    ...(person && { profile: person }),
    ...(merged && { merged }),
    ...(state && { state }),
    ...(totals && { totals }),
    lists: items.flatMap((item) => (item.kind === 'list-member' ? item : [])),
    was: items.flatMap((item) => (item.kind === 'was-member' ? item : [])),
  };
}

/** What is known of a person's events beforehand: measured already, or to be passed over (by `sk`). */
interface Beforehand {
  measured?: Measured | undefined;
  without?: ReadonlySet<string>;
}

/** The facts that the conditions look at, of a profile that is known by a glance. */
export async function snapshotOf(
  ports: Ports,
  account: AccountId,
  { profile, lists }: Pick<Glance, 'lists'> & { profile: ProfileItem },
  conditions: readonly BuiltCondition[],
  now: Instant,
  { measured, without }: Beforehand = {},
): Promise<Snapshot> {
  await loadFor(conditions);
  const person = personOf(profile);
  const unmeasured = measured ? conditions.filter((one) => !isKept(one)) : conditions;
  const whose = { ports, account, profile: profile.id };
  return {
    person,
    consents: profile.consents ?? {},
    suppressions: profile.email_suppressions ?? [],
    lists: new Map(lists.map(({ group, joined }) => [group, instantOf(joined)])),
    events: await gatherEvents(whose, unmeasured, now, { tails: measured?.tails, without }),
    ...(measured && { measures: measured.measures, funnels: measured.funnels }),
    // Nothing is predicted (`nothingPredicted`).
    predicted: {},
    positions: await positionsFor(conditions, person.location),
  };
}

/**
 * The facts of a profile that the conditions look at; undefined when there is no such profile. Throws a conflict when
 * a merge has left them in pieces (`aboutPerson`).
 */
export async function gather(
  ports: Ports,
  account: AccountId,
  id: string,
  conditions: readonly BuiltCondition[],
  now: Instant,
): Promise<Snapshot | undefined> {
  const { profile, merged, ...rest } = await glanceAt(ports, account, id);
  if (merged) throw new ConditionFailed();
  refusePieces(profile);
  return profile && snapshotOf(ports, account, { ...rest, profile }, conditions, now);
}
