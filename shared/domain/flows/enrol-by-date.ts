// A date of a person lets it into flows: a timer for the next time that it comes round, which looks again when it is due.
import type { AccountId } from '../../kernel/ids.ts';
import { dayFrom } from '../../kernel/calendar.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Message } from '../../messages.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem } from '../../storage/items.ts';
import { profileKey, profileOf, profilesByCreation } from '../../storage/patterns.ts';
import { ConditionFailed } from '../../storage/store.ts';
import { aboutPerson, personOf, refusePieces } from '../identity/index.ts';
import { propertyOf } from '../segments/index.ts';
import { type Due, setTimer } from '../timers/index.ts';
import { type DateTurn, lastTurn, nextTurn } from './dates.ts';
import type { DateTrigger, Flow } from './definition.ts';
import { enrolBy } from './enrol.ts';
import { zoneOf } from './facts.ts';
import { pointIn } from './point.ts';
import { isOpen } from './trigger.ts';

type Of<Type extends string> = Extract<Message<'flows'>, { type: Type }>;

/** The date trigger of a flow that takes people in; undefined of any other flow. */
function dateOf(flow: Flow): DateTrigger | undefined {
  const [trigger] = flow.definition.triggers;
  if (trigger.type !== 'date' || trigger.date_field_type !== 'profile-property') return undefined;
  return isOpen(flow) ? trigger : undefined;
}

/**
 * Sets the timers of the next turns of a person's dates, as of when they changed. A date that is set when its flow would
 * have begun already puts the person in at the point where it would be by now, if there is still something to wait for.
 */
export async function lookAtDates(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { profile, at, properties }: Of<'dates'>,
): Promise<void> {
  const since = instantOf(at);
  for (const flow of flows) {
    const turns = await turnsOf(ports, account, flow, profile, since);
    if (!turns) continue;
    if (turns.next) await setTimer(ports, timerOf(account, flow, turns.home, turns.next));
    const { last, home } = turns;
    if (last && properties.some((name) => isNamed(name, turns.trigger)))
      await putIn(ports, account, flow, { home, since }, last);
  }
}

const isNamed = (name: string, { date_profile_property: asked }: DateTrigger) =>
  asked === name || asked === `properties['${name}']`;

interface Turns {
  trigger: DateTrigger;
  /** Where the person lives. */
  home: string;
  next: DateTurn | undefined;
  last: DateTurn | undefined;
}

/** The turns about `since` of the date that a flow looks at; undefined when the flow or the person has none. */
async function turnsOf(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  id: string,
  since: Instant,
): Promise<Turns | undefined> {
  const trigger = dateOf(flow);
  if (!trigger) return undefined;
  return aboutPerson(ports, account, id, async (home, settled) => {
    const profile = await ports.store.get(profileKey(account, home));
    // Merged into somebody else, maybe: then it is their date.
    if (!profile && !settled) throw new ConditionFailed();
    refusePieces(profile);
    if (!profile) return undefined;
    const person = personOf(profile);
    const date = dayFrom(propertyOf(person, trigger.date_profile_property));
    if (date === undefined) return undefined;
    const zone = await zoneOf(ports, account, person);
    const [next, last] = [nextTurn, lastTurn].map((turn) => turn(trigger, date, since, zone));
    return { trigger, home, next, last };
  });
}

/** The timer of a turn; the same turn has the same one. */
function timerOf(account: AccountId, { id: flow }: Flow, profile: string, { date, at }: DateTurn): Due<'flows'> {
  const message = { type: 'date' as const, account, profile, flow, date, at: sortable(at) };
  return { account, at, queue: 'flows', id: `${flow}-${profile}-${date}`, message };
}

/** Puts someone in late: at the delay where it would wait since the date changed. */
async function putIn(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  { home, since }: { home: string; since: Instant },
  { date, at }: DateTurn,
) {
  const who = { profile: home, entered: sortable(at), date };
  const point = await pointIn(ports, account, flow, who, since);
  if (point) await enrolBy(ports, account, flow, { ...causeOf(home, { date, at }), point });
}

const causeOf = (profile: string, { date, at }: DateTurn) => ({
  name: [profile, 'date', date],
  profile,
  at: sortable(at),
  date,
});

/** Enrols a person whose date comes round, if it still does, and sets the timer of the time after this. */
export async function enrolByDate(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  { flow: id, profile, date, at }: Of<'date'>,
): Promise<EnrolmentItem[]> {
  const flow = flows.find((one) => one.id === id);
  const turns = flow && (await turnsOf(ports, account, flow, profile, instantOf(at)));
  if (!flow || turns?.next?.date !== date || sortable(turns.next.at) !== at) return [];
  const { home } = turns;
  const after = await turnsOf(ports, account, flow, home, instantOf(at) + 1);
  if (after?.next) await setTimer(ports, timerOf(account, flow, home, after.next));
  const enrolment = await aboutPerson(ports, account, home, (person) =>
    enrolBy(ports, account, flow, causeOf(person, { date, at: instantOf(at) })),
  );
  return enrolment ? [enrolment] : [];
}

/** What one message handles at most, in people. */
const stretchLength = 100;

/** Sets the timers of everyone in a stretch of a shard, and sends the next stretch. */
export async function planDates(
  ports: Ports,
  account: AccountId,
  flows: readonly Flow[],
  message: Of<'plan-dates'>,
): Promise<void> {
  const flow = flows.find(({ id }) => id === message.flow);
  // A newer version takes over.
  if (!flow || flow.version !== message.version || !dateOf(flow)) return;
  const { after } = message;
  const stretch = { ...profilesByCreation(account, message.shard), limit: stretchLength };
  const page = await ports.store.query({ ...stretch, ...(after !== undefined && { after }) });
  for (const profile of new Set(page.items.map(profileOf))) {
    const turns = await turnsOf(ports, account, flow, profile, instantOf(message.at));
    if (turns?.next) await setTimer(ports, timerOf(account, flow, turns.home, turns.next));
  }
  if (page.next !== undefined) await ports.queue.send('flows', [{ body: { ...message, after: page.next } }]);
}
