import { own } from '../../kernel/bag.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { dayFrom, dayNamed } from '../../kernel/calendar.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem, PersonalChannel } from '../../storage/items.ts';
import { entryKey, eventAt, listMemberKey, profileKey, segmentMemberKey } from '../../storage/patterns.ts';
import { readAccount } from '../account/index.ts';
import { compoundId } from '../catalog/index.ts';
import { readEventBody } from '../events/index.ts';
import { type Person, ownZone } from '../identity/index.ts';
import { lastSentOf } from '../messaging/index.ts';
import { conditionsOf, evaluate, gather, loadFor, propertyOf } from '../segments/index.ts';
import { comesRound } from './dates.ts';
import type { Action, Flow, Trigger } from './definition.ts';
import { isDelay, needsZone } from './delay.ts';
import { type Filter, asSegment, ownConditions, sharedPart } from './filter.ts';
import { actionOf } from './graph.ts';
import { type OwnFacts, decideOwn } from './own-conditions.ts';
import { quietFor } from './quiet.ts';
import { type Facts, filtersAt } from './step.ts';
import { whyNotOffered } from './still-offered.ts';
import { isTriggerCondition, passesTrigger } from './trigger-filter.ts';

/** Someone in a flow, or about to come in. */
export type Who = Pick<EnrolmentItem, 'profile' | 'entered' | 'event' | 'date' | 'acted' | 'had'>;

/** What has to be known beside the person. */
export interface Needs {
  filters: readonly Filter[];
  zone?: boolean;
  /** What let the person in. */
  trigger?: boolean;
  /** Whether what let the person in still holds: the list or segment that it is in, the price, the stock. */
  belongs?: boolean;
}

/** What is looked at, of the person at this moment; undefined when the person is gone. */
export async function gatherFacts(
  ports: Ports,
  account: AccountId,
  flow: Pick<Flow, 'id' | 'definition'>,
  who: Who,
  { filters, zone = false, trigger = false, belongs = false }: Needs,
): Promise<Facts | undefined> {
  const { profile, entered, date } = who;
  const now = ports.clock.now();
  const asked = ownConditions(filters);
  const conditions = filters.flatMap((filter) => conditionsOf(sharedPart(filter, entered)));
  const [started] = flow.definition.triggers;
  const offered = belongs && (started.type === 'price-drop' || started.type === 'low-inventory');
  const [snapshot, properties, last, member] = await Promise.all([
    gather(ports, account, profile, conditions, now),
    trigger || offered || asked.some(isTriggerCondition) ? triggerOf(ports, account, who) : {},
    lastOf(ports, account, flow.id, who, new Set(asked.map(({ type }) => type))),
    belongs ? isMember(ports, account, started, profile) : true,
  ]);
  if (!snapshot) return undefined;
  // Filters on the trigger may hold patterns too, wherever they stand.
  await loadFor([flow.definition]);
  const withdrawn = offered ? await whyNotOffered(ports, account, started, profile, properties) : undefined;
  const facts: OwnFacts = { now, profile, trigger: properties, last };
  return {
    now,
    profile,
    acted: doneFor(who),
    zone: zone ? await zoneOf(ports, account, snapshot.person) : 'UTC',
    ...(date !== undefined && { date }),
    ...variantIn(properties),
    belongs: member,
    ...(withdrawn !== undefined && { withdrawn }),
    dateHolds: date === undefined || dateHolds(started, snapshot.person, date),
    passesTrigger: (filter) => passesTrigger(filter, properties, now),
    passes: (filter, salt = flow.id) => {
      const rest = asSegment(filter, entered, (condition) => decideOwn(condition, facts, salt));
      return rest !== false && evaluate(rest, snapshot, now).member;
    },
  };
}

/** The variant that an event of ours names. */
function variantIn(properties: OwnFacts['trigger']): Pick<Facts, 'variant'> {
  const id = own(properties, 'VariantId');
  return typeof id === 'string' ? { variant: compoundId(id) } : {};
}

/** What the step at this action looks at; undefined when the person is gone. A plain delay looks at nothing. */
export async function factsAt(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  who: Who,
  step: string,
): Promise<Facts | undefined> {
  const action = actionOf(flow.definition, step);
  const zone = action !== undefined && isDelay(action) && needsZone(action);
  if (!action || (isDelay(action) && !zone && who.date === undefined)) return nothingOf(ports, who);
  const needs = { filters: filtersAt(flow.definition, action), zone, trigger: looksAtTrigger.has(action.type) };
  const [facts, quiet] = await Promise.all([
    gatherFacts(ports, account, flow, who, { ...needs, belongs: canSend(action) }),
    quietFor(ports, account, action, who.profile),
  ]);
  return facts && { ...facts, ...quiet };
}

const looksAtTrigger: ReadonlySet<string> = new Set<Action['type']>(['trigger-split', 'back-in-stock-delay']);

const canSend = ({ type }: Action) => type.startsWith('send-') || type === 'ab-test' || type === 'content-experiment';

/** The actions that are over for the person: of this way through the flow and, of who was added to it, of those before. */
const doneFor = ({ acted = [], had = [] }: Who): readonly string[] => [...acted, ...had];

const nothingOf = (ports: Ports, who: Who): Facts => ({
  now: ports.clock.now(),
  zone: 'UTC',
  profile: who.profile,
  acted: doneFor(who),
  belongs: true,
  dateHolds: true,
  passes: () => true,
  passesTrigger: () => true,
});

/** The properties of the event that let the person in. */
async function triggerOf(ports: Ports, account: AccountId, { profile, event: sk }: Who): Promise<OwnFacts['trigger']> {
  const event = sk === undefined ? undefined : await ports.store.get(eventAt(account, profile, sk));
  return event ? readEventBody(ports, event) : {};
}

/** When it last happened to the person, of what is asked for. */
async function lastOf(
  ports: Ports,
  account: AccountId,
  flow: string,
  { profile, entered }: Who,
  asked: ReadonlySet<string>,
): Promise<OwnFacts['last']> {
  const { store } = ports;
  const sent = async (channel: PersonalChannel, number?: string) =>
    (await lastSentOf(ports, { account, profile, channel, number }))?.at;
  const looks = {
    'profile-not-in-flow': async () => {
      const before = (await store.get(entryKey(account, profile, flow)))?.entered;
      // It is about being in the flow before: nobody is kept from a message by the entry that led to it.
      return before !== undefined && before < entered ? before : undefined;
    },
    'profile-not-sent-email': () => sent('email'),
    'profile-not-sent-sms': async () => sent('sms', (await store.get(profileKey(account, profile)))?.phone_number),
    'profile-not-sent-push': () => sent('push'),
  } as const;
  const found: { [type: string]: Instant } = {};
  for (const [type, look] of Object.entries(looks)) {
    const at = asked.has(type) ? await look() : undefined;
    if (at !== undefined) found[type] = instantOf(at);
  }
  return found;
}

async function isMember({ store }: Ports, account: AccountId, trigger: Trigger, profile: string): Promise<boolean> {
  if (trigger.type === 'list') return (await store.get(listMemberKey(account, profile, trigger.id))) !== undefined;
  if (trigger.type === 'segment')
    return (await store.get(segmentMemberKey(account, profile, trigger.id))) !== undefined;
  return true;
}

function dateHolds(trigger: Trigger, person: Person, date: string): boolean {
  if (trigger.type !== 'date' || trigger.date_field_type !== 'profile-property') return true;
  return comesRound(trigger, dayFrom(propertyOf(person, trigger.date_profile_property)), dayNamed(date));
}

/** The person's time zone; the account's where the person has none that is known. */
export async function zoneOf(ports: Ports, account: AccountId, person: Pick<Person, 'location'>): Promise<string> {
  return ownZone(person) ?? (await readAccount(ports, account)).timezone;
}
