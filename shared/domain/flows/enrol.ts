// Something lets a person into a flow: once per flow and cause, whatever arrives how often.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, EntryItem, EventItem } from '../../storage/items.ts';
import { enrolmentIndex, enrolmentKey, entryKey, profileKey } from '../../storage/patterns.ts';
import type { Check, Write } from '../../storage/store.ts';
import { readEventBody } from '../events/index.ts';
import { loadFor } from '../segments/index.ts';
import { timer } from './advance.ts';
import type { Flow } from './definition.ts';
import { gatherFacts } from './facts.ts';
import type { Filter } from './filter.ts';
import { mayEnter, smallestGap } from './trigger.ts';
import { passesTrigger } from './trigger-filter.ts';

/** What lets a person in. */
export interface Cause {
  /** Names it among the causes of the flow: the same one lets in once. */
  name: readonly string[];
  /** The id under which the person lives. */
  profile: string;
  /** When it came about, `sortable`: what happens while work waits happens after the start. */
  at: string;
  event?: EventItem;
  /** The day that a date flow is about. */
  date?: string;
  /** A delay of the flow, where the person is put in instead of at the beginning, and until when it waits there. */
  point?: { step: string; due: Instant };
  /** Put in by hand, whatever the rule of re-entry says: what the person had of the flow before, it does not get again. */
  added?: { had: readonly string[] };
}

/**
 * Enrols the person of the cause, if the trigger filter, the profile filter and the rule of re-entry let it in. Answers
 * the new enrolment, which stands before its first step; one that exists already stays as it is and is not answered: the
 * change feed moves it on.
 */
export async function enrolBy(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  cause: Cause,
): Promise<EnrolmentItem | undefined> {
  const { profile, at } = cause;
  if (!(await passesTriggerFilter(ports, flow, cause))) return undefined;
  const enrolment = newEnrolment(ports, account, flow, cause);
  // Looked for before anything dear: duplicates are common, and re-entry must not count the cause's own entry.
  if (await ports.store.get(enrolmentKey(account, profile, enrolment.id))) return undefined;
  if (!(await passesProfileFilter(ports, account, flow, enrolment))) return undefined;

  const writes: (Write | Check)[] = [
    { put: enrolment, if: { absent: true } },
    // Nobody who is being deleted leaves traces in a flow.
    { check: profileKey(account, profile), if: { present: true } },
  ];
  if (cause.point) writes.push(await timer(ports, account, enrolment, cause.point.due));
  if (cause.added || remembersEntries(flow)) {
    const key = entryKey(account, profile, flow.id);
    const before = await ports.store.get(key);
    const last = before && instantOf(before.entered);
    if (!cause.added && !mayEnter(flow.definition.reentry_criteria, last, instantOf(at))) return undefined;
    const entered = before && before.entered > at ? before.entered : at;
    const entry: EntryItem = { ...key, kind: 'entry', flow: flow.id, entered };
    writes.push({ put: entry, if: before ? { equals: { entered: before.entered } } : { absent: true } });
  }
  await ports.store.transact(writes);
  return enrolment;
}

/** True when the flow asks when it last let a person in. */
function remembersEntries({ definition: { profile_filter: filter, reentry_criteria: reentry } }: Flow): boolean {
  return smallestGap(reentry) > 0 || (filter !== null && asksForEntries(filter));
}

const asksForEntries = ({ condition_groups: groups }: Filter) =>
  groups.some(({ conditions }) => conditions.some(({ type }) => type === 'profile-not-in-flow'));

/** Most events do not: it is asked before the store is, of what the event itself holds. */
async function passesTriggerFilter(ports: Ports, { definition }: Flow, { event }: Cause): Promise<boolean> {
  const [trigger] = definition.triggers;
  const asked = 'trigger_filter' in trigger ? trigger.trigger_filter : null;
  if (!asked || !event) return true;
  await loadFor([asked]);
  return passesTrigger(asked, await readEventBody(ports, event), ports.clock.now());
}

async function passesProfileFilter(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  enrolment: EnrolmentItem,
): Promise<boolean> {
  const { profile_filter: filter } = flow.definition;
  const facts = await gatherFacts(ports, account, flow, enrolment, { filters: filter ? [filter] : [] });
  return facts !== undefined && (filter === null || facts.passes(filter));
}

/** The enrolment that a cause makes in a flow. */
export const enrolmentId = ({ id }: Pick<Flow, 'id'>, { name }: Pick<Cause, 'name'>): string =>
  derivedId(16, id, ...name);

function newEnrolment(ports: Ports, account: AccountId, flow: Flow, cause: Cause): EnrolmentItem {
  const { profile, at, event, date, point, added } = cause;
  const id = enrolmentId(flow, cause);
  const step = point?.step ?? flow.definition.entry_action_id;
  return {
    ...enrolmentKey(account, profile, id),
    ...enrolmentIndex(account, flow.id, profile, at, id),
    kind: 'enrolment',
    id,
    profile,
    flow: flow.id,
    flow_version: flow.version,
    version: 1,
    status: 'active',
    ...(step !== null && { step }),
    ...(point && { due: sortable(point.due) }),
    visit: 0,
    entered: at,
    updated: sortable(ports.clock.now()),
    ...(event && { event: event.sk }),
    ...(date !== undefined && { date }),
    ...(added && added.had.length > 0 && { had: [...added.had] }),
  };
}
