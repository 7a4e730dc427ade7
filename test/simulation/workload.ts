// What callers do at random: each turn draws its numbers from a stream of its own, so that leaving one out changes no other.
import { hour, minute } from '../../shared/kernel/time.ts';
import { itemsOf } from './invariants.ts';
import type { Meeting } from './meeting.ts';
import type { Definition } from './requests.ts';
import * as ask from './requests.ts';
import type { AnyItem } from '../../shared/storage/patterns.ts';
import { type Happening, type Identifiers, type Person, living } from './oracle.ts';
import type { Stage } from './scenarios.ts';
import type { Rarity } from './sometimes.ts';
import type { Dice } from './streams.ts';

/** What the simulation knows beside the oracle. */
export interface Run extends Stage {
  flow: string;
  flowIsLive: boolean;
  /** Memberships whose last word depends on which of two requests was worked off first. */
  unsure: Set<string>;
  /** Withdrawals on pages and deletions, which hold at once; and what ends them: grants, and that somebody comes back. */
  words: { email: string; at: number; granted: boolean; gone?: boolean }[];
  /** What was told by calls that had to be made again, since the world was at rest. */
  late: { person: Person; properties: Record<string, unknown> }[];
  /** Addresses of which it depends on the order of two requests what is known: one was forgotten while work was under way. */
  vague: Set<string>;
  /** Addresses that were asked to confirm something. */
  asked: Set<string>;
  /** When the turn began. */
  turnAt: number;
  /** A text that stands nowhere else. */
  secret: () => string;
  /** Another account, which knows the same people. */
  rival?: Run;
  /** The account that this one is the rival of. */
  first?: Run;
  /** How far the clocks of containers may be off, milliseconds either way. */
  skew: number;
  /** Schedules may come late or never. */
  schedulesFail: boolean;
  /** Work may still be under way. */
  busy: () => boolean;
  /** An event was taken in that was not known. */
  accepted: (person: Person, event: Happening) => void;
  /** The flow is about to be switched. */
  toggling: () => void;
  /** The delay that the flow begins with. */
  minutes: number;
  /** Holds up who is at work while something else happens. */
  meeting: Meeting;
  /** Delivers the latest changes to the change feed again. */
  replay: (count: number) => void;
  /** When the claim of a message was written; undefined: it was not. */
  claimedAt: (message: string) => number | undefined;
  /** How long after a withdrawal was answered a message was handed over that had been claimed before, milliseconds (W of I4). */
  behind: Map<string, number>;
  metrics: ReadonlyMap<string, string>;
  /** Notes that a rare state was met. */
  note: (what: Rarity) => void;
}

const colours = ['red', 'blue', 'green'];
const metricNames = ['Order', 'Viewed'];

function someIdentifiers({ upTo, chance }: Dice): Identifiers {
  const found: Identifiers = {};
  if (chance(0.6)) found.email = `p${upTo(8)}@example.org`;
  if (chance(0.3)) found.external_id = `x${upTo(5)}`;
  if (chance(0.2)) found.phone_number = `+1415555267${upTo(4)}`;
  return Object.keys(found).length > 0 ? found : { email: `p${upTo(8)}@example.org` };
}

/** The same without the address, if whoever is meant has another: jobs that wait for their turn name people by theirs. */
function keepingAddress({ oracle }: Run, wanted: Identifiers, whom = oracle.strongest(wanted)): Identifiers {
  const { email, ...rest } = wanted;
  return email === undefined || (whom?.identifiers.email ?? email) === email ? wanted : rest;
}

const someProperties = ({ secret }: Run, { oneOf, chance }: Dice): Record<string, unknown> => ({
  ...(chance(0.4) && { colour: oneOf(colours) ?? '' }),
  ...(chance(0.3) && { secret: secret() }),
});

/**
 * Whoever was forgotten and is told of anew may be written to again, unless they withdrew on a page before: what a job or a
 * report said of them may still wait for its turn (seed 554).
 */
export function back({ words, turnAt }: Run, person: Person): Person {
  const { email } = person.identifiers;
  const said = words.filter((word) => word.email === email);
  const isBound = said.findLast((word) => word.gone !== true)?.granted === false;
  if (email !== undefined && said.at(-1)?.gone && !isBound) words.push({ email, at: turnAt - 1, granted: true });
  return person;
}

const attributes = (identifiers: Identifiers, properties: Record<string, unknown>) => ({
  ...identifiers,
  ...(Object.keys(properties).length > 0 && { properties }),
});

export function somePerson({ oracle }: Run, { oneOf }: Dice, has: keyof Identifiers): Person | undefined {
  return oneOf(oracle.people.filter(({ identifiers }) => identifiers[has] !== undefined));
}

const firstIdentifier = (person: Person) => Object.entries(living(person).identifiers)[0] ?? ['', ''];

/** The id of the profile that holds the person's first identifier. */
export function idOf({ world, account }: Run, person: Person): string | undefined {
  const [kind, value] = firstIdentifier(person);
  const pk = `${account}#I#${kind}#${value}`;
  const item = itemsOf(world).find((one) => one.pk === pk);
  return item?.kind === 'identifier' ? item.profile : undefined;
}

function someDefinition(run: Run, { upTo, oneOf, chance }: Dice): Definition {
  const condition = () => {
    const kind = upTo(4);
    const list = oneOf([...run.oracle.lists]);
    if (kind === 0) return ask.likes(oneOf(colours) ?? '');
    if (kind === 1) return ask.mayBeMailed(chance(0.5));
    if (kind === 2 && list !== undefined) return ask.isOn(list, chance(0.7));
    return ask.did(run.metrics.get(oneOf(metricNames) ?? '') ?? '', 1 + upTo(2), 1 + upTo(5));
  };
  const group = () => Array.from({ length: 1 + upTo(2) }, condition);
  return ask.definition(...Array.from({ length: 1 + upTo(2) }, group));
}

/** An answer that breaks an invariant. */
export class Unexpected extends Error {}

/** Answers that a call must not get: sent again or not, it converges on what was asked (I15). */
export function refuse(what: string, invariant = 'I15'): never {
  throw new Unexpected(`${invariant} ${what}`);
}

/** A create that was sent again may have made two: the oracle takes over what it does not know. */
async function adopt(
  run: Run,
  path: string,
  known: (id: string) => boolean,
  take: (id: string, attributes: Record<string, unknown>) => void,
) {
  for (const { id, attributes } of await run.walk(path)) if (!known(id)) take(id, attributes);
}

/** Notes the last word on a membership. While work is under way, a job that was told otherwise may yet come after it. */
export function listed(run: Run, person: Person, list: string, on: boolean, byJob: boolean): void {
  const key = membership(person, list);
  if (run.busy()) run.unsure.add(key);
  else if (!byJob) run.unsure.delete(key);
  if (on) person.lists.add(list);
  else person.lists.delete(list);
}

/** Names a membership in `unsure`. */
export const membership = (person: Person, list: string) => `${list} ${living(person).n}`;

export async function happen(run: Run, d: Dice, many: boolean): Promise<void> {
  const { world, oracle, call } = run;
  const identifiers = keepingAddress(run, someIdentifiers(d));
  const properties = someProperties(run, d);
  const now = world.clock.now();
  const all = Array.from({ length: many ? 1 + d.upTo(4) : 1 }, () => {
    const hours = d.chance(0.5) ? 0 : d.upTo(38) - 30;
    return {
      metric: d.oneOf(metricNames) ?? '',
      unique_id: String(d.upTo(40)),
      time: new Date(now + hours * hour).toISOString(),
      value: d.upTo(3),
      properties: { note: d.upTo(3), ...(d.chance(0.3) && { secret: run.secret() }) },
    };
  });
  // Events of one call are recorded side by side: of two with one id either might be the first.
  const distinct = [...new Map(all.map((one) => [`${one.metric} ${one.unique_id}`, one])).values()];
  // Somebody forgotten, whom nobody has told of since: all of it is from before, or from after.
  const forgotten = oracle.strongest(identifiers) ? -Infinity : oracle.forgottenAt(identifiers);
  const newest = Math.max(...distinct.map(({ time }) => Date.parse(time)));
  const isLate = forgotten > newest;
  const told = distinct.filter(({ time }) => isLate || Date.parse(time) >= forgotten);
  const person = attributes(identifiers, properties);
  const body = many
    ? {
        data: {
          type: 'event-bulk-create-job',
          attributes: {
            'events-bulk-create': {
              data: [
                {
                  type: 'event-bulk-create',
                  attributes: {
                    profile: { data: { type: 'profile', attributes: person } },
                    events: { data: told.map((one) => eventOf(one)) },
                  },
                },
              ],
            },
          },
        },
      }
    : ask.event(person, told[0] ?? refuse('no event'));
  const { status, tries } = await call('POST', many ? '/api/event-bulk-create-jobs' : '/api/events', body);
  if (status !== 202) refuse(`events answered ${status}`);
  if (isLate) {
    run.note('an event came for somebody who was forgotten');
    return oracle.lost(properties, ...told.map((one) => one.properties));
  }
  const who = back(run, oracle.told(oracle.untouchedSince(identifiers, newest), properties));
  noteLate(run, who, properties, tries);
  for (const { time, ...one } of told) {
    const happening = { ...one, at: Date.parse(time), accepted: now };
    if (oracle.happened(who, happening)) run.accepted(who, happening);
    else run.note('an event that was known came again');
    if (now - happening.at > 4 * hour) run.note('an event came too late for its flow');
  }
}

const eventOf = ({ metric, ...rest }: { metric: string }) => ({
  type: 'event',
  attributes: { ...rest, metric: { data: { type: 'metric', attributes: { name: metric } } } },
});

/** I24: what was written with a 2xx is read at once. */
async function readBack(run: Run, id: string, properties: Record<string, unknown>): Promise<void> {
  const { status, data } = await run.call('GET', `/api/profiles/${id}`);
  const shown = data.attributes['properties'] as Record<string, unknown> | undefined;
  if (status !== 200) refuse(`a profile that was just written answered ${status}`, 'I24');
  for (const [name, value] of Object.entries(properties))
    if (shown?.[name] !== value)
      refuse(`${name} of ${id} is ${String(shown?.[name])} just after it was ${String(value)}`, 'I24');
}

export async function create(run: Run, d: Dice): Promise<void> {
  const identifiers = someIdentifiers(d);
  const properties = someProperties(run, d);
  const { status, tries, data } = await run.call(
    'POST',
    '/api/profiles',
    ask.profile(attributes(identifiers, properties)),
  );
  const taken = run.oracle.taken(identifiers);
  if (taken) run.note('a create found its identifiers taken');
  // Sent again, a create finds what it made before.
  if (status === 409 && tries > 1) {
    if (!taken) back(run, run.oracle.told(identifiers, properties));
    return;
  }
  if (status !== (taken ? 409 : 201)) refuse(`a create of ${JSON.stringify(identifiers)} answered ${status}`, 'I3');
  if (taken) return;
  noteLate(run, back(run, run.oracle.told(identifiers, properties)), properties, tries);
  await readBack(run, data.id, properties);
}

export async function imported(run: Run, d: Dice): Promise<void> {
  const identifiers = keepingAddress(run, someIdentifiers(d));
  const properties = someProperties(run, d);
  const { status, data, tries } = await run.call(
    'POST',
    '/api/profile-import',
    ask.profile(attributes(identifiers, properties)),
  );
  if (run.oracle.link(identifiers)) run.note('a call showed two people to be one');
  const refused = run.oracle.taken(identifiers, run.oracle.strongest(identifiers));
  if (refused ? status !== 409 : status !== 200 && status !== 201)
    refuse(`an import of ${JSON.stringify(identifiers)} answered ${status}`, 'I3');
  if (refused) return;
  noteLate(run, back(run, run.oracle.told(identifiers, properties)), properties, tries);
  await readBack(run, data.id, properties);
}

/** Keeps in mind what was told by a call that had to be made again. */
function noteLate({ late }: Run, person: Person, properties: Record<string, unknown>, tries: number): void {
  if (tries > 1) late.push({ person, properties });
}

export async function changed(run: Run, d: Dice): Promise<void> {
  const person = d.oneOf(run.oracle.people);
  const id = person && idOf(run, person);
  if (id === undefined) return;
  const wanted = keepingAddress(run, someIdentifiers(d), person);
  const properties = someProperties(run, d);
  if (Object.keys(wanted).length === 0) return;
  const { status, tries } = await run.call(
    'PATCH',
    `/api/profiles/${id}`,
    ask.profile(attributes(wanted, properties), id),
  );
  const refused = run.oracle.taken(wanted, person);
  if (status !== (refused ? 409 : 200)) refuse(`a change to ${JSON.stringify(wanted)} answered ${status}`);
  if (refused) return;
  noteLate(run, back(run, run.oracle.told(wanted, properties, person)), properties, tries);
  await readBack(run, id, properties);
}

export async function job(run: Run, d: Dice, on: boolean): Promise<void> {
  const person = somePerson(run, d, 'email');
  const email = person?.identifiers.email;
  if (email === undefined || !person) return;
  const list = d.chance(0.6) ? d.oneOf([...run.oracle.lists]) : undefined;
  if (on && list !== undefined && run.oracle.doubleLists.has(list)) return askToConfirm(run, d, email, list);
  const at = run.world.clock.now();
  const path = on ? '/api/profile-subscription-bulk-create-jobs' : '/api/profile-subscription-bulk-delete-jobs';
  const body = on ? ask.subscription([email], list) : ask.unsubscription([email], list);
  const { status, tries } = await run.call('POST', path, body);
  if (status !== 202) refuse(`a job answered ${status}`);
  // Sent again, the job is the later one's.
  run.oracle.consented(person, on ? 'SUBSCRIBED' : 'UNSUBSCRIBED', tries > 1 ? run.world.clock.now() : at);
  if (on) run.words.push({ email, at, granted: true });
  if (list !== undefined) listed(run, person, list, on, true);
}

/** Until the click there is nothing but the question; also strangers may be asked. */
export async function askToConfirm(run: Run, d: Dice, known: string, list: string): Promise<void> {
  const email = d.chance(0.3) ? `s${d.upTo(3)}@example.org` : known;
  run.asked.add(email);
  const { status } = await run.call(
    'POST',
    '/api/profile-subscription-bulk-create-jobs',
    ask.subscription([email], list),
  );
  if (status !== 202) refuse(`a job answered ${status}`);
}

export async function joined(run: Run, d: Dice, on: boolean): Promise<void> {
  const list = d.oneOf([...run.oracle.lists]);
  const one = d.oneOf(run.oracle.people);
  const all = d.chance(0.3) ? run.oracle.people : [one];
  const some = all.flatMap((person) => {
    const id = person && idOf(run, person);
    return id === undefined || !person ? [] : [{ person, id }];
  });
  if (list === undefined || some.length === 0) return;
  const path = `/api/lists/${list}/relationships/profiles`;
  const { status } = await run.call(on ? 'POST' : 'DELETE', path, ask.members(...some.map(({ id }) => id)));
  if (status !== 204) refuse(`a membership answered ${status}`);
  for (const { person } of some) listed(run, person, list, on, false);
}

export async function createList(run: Run, d: Dice): Promise<void> {
  if (run.oracle.lists.size > 3) return;
  await run.make('POST', '/api/lists', ask.list('Some', d.chance(0.4) ? 'double_opt_in' : 'single_opt_in'));
  const { lists, doubleLists } = run.oracle;
  await adopt(
    run,
    '/api/lists',
    (id) => lists.has(id),
    (id, attributes) => {
      lists.add(id);
      if (attributes['opt_in_process'] === 'double_opt_in') doubleLists.add(id);
    },
  );
}

export async function removeList(run: Run, d: Dice): Promise<void> {
  const list = d.oneOf([...run.oracle.lists]);
  if (list === undefined) return;
  const { status, tries } = await run.call('DELETE', `/api/lists/${list}`);
  if (status !== 204 && (status !== 404 || tries === 1)) refuse(`a removal answered ${status}`);
  run.oracle.lists.delete(list);
  run.oracle.doubleLists.delete(list);
  for (const person of run.oracle.people) person.lists.delete(list);
}

export async function createSegment(run: Run, d: Dice): Promise<void> {
  const { segments } = run.oracle;
  if (segments.size > 4) return;
  const definition = someDefinition(run, d);
  const { status } = await run.call('POST', '/api/segments', ask.segment('Some', definition));
  // At most five are built at a time, of which some were made by tries whose answer was lost.
  if (status !== 201 && status !== 429) refuse(`a segment answered ${status}`);
  await adopt(
    run,
    '/api/segments',
    (id) => segments.has(id),
    (id) => segments.set(id, definition),
  );
}

export async function editSegment(run: Run, d: Dice): Promise<void> {
  const id = d.oneOf([...run.oracle.segments.keys()]);
  if (id === undefined) return;
  const definition = someDefinition(run, d);
  const { status } = await run.call('PATCH', `/api/segments/${id}`, ask.segmentChange(id, definition));
  if (status !== 200 && status !== 429) refuse(`an edit of a segment answered ${status}`);
  if (status === 200) run.oracle.segments.set(id, definition);
}

export async function removeSegment(run: Run, d: Dice): Promise<void> {
  const id = d.oneOf([...run.oracle.segments.keys()]);
  if (id === undefined) return;
  const { status, tries } = await run.call('DELETE', `/api/segments/${id}`);
  if (status !== 204 && (status !== 404 || tries === 1)) refuse(`a removal answered ${status}`);
  run.oracle.segments.delete(id);
}

export async function toggle(run: Run): Promise<void> {
  const live = !run.flowIsLive;
  if (itemsOf(run.world).some((item) => item.kind === 'enrolment' && item.status === 'active'))
    run.note('a flow was switched while somebody waited in it');
  run.toggling();
  await run.make('PATCH', `/api/flows/${run.flow}`, ask.flowStatus(run.flow, live ? 'live' : 'draft'));
  run.flowIsLive = live;
}

type Mail = ReturnType<typeof mailsOf>[number];

const pageIn = ({ html }: Mail) => /href="http:\/\/localhost:4747(\/p\/unsubscribe\/[^"]+)"/.exec(html)?.[1];

async function withdraws(run: Run, d: Dice, email: Mail, path: string): Promise<void> {
  if (run.world.queue.size('messages') > 0) run.note('somebody withdrew while messages were under way');
  const status = await run.post(path, d.chance(0.5) ? 'List-Unsubscribe=One-Click' : undefined);
  if (status !== 200) refuse(`the page answered ${status}`);
  const at = run.world.clock.now();
  run.oracle.withdrew(email.to, at);
  run.words.push({ email: email.to, at, granted: false });
}

export async function unsubscribePage(run: Run, d: Dice): Promise<void> {
  const email = d.oneOf(mailsOf(run));
  const path = email && pageIn(email);
  if (email && path !== undefined) await withdraws(run, d, email, path);
}

/** Somebody who may be written to orders: the flow lets them in. */
async function orders(run: Run, to: string, unique_id: string): Promise<void> {
  const at = run.world.clock.now();
  const told = { metric: 'Order', unique_id, value: 1, properties: { note: 0 } };
  const body = ask.event({ email: to }, { ...told, time: new Date(at).toISOString() });
  const { status } = await run.call('POST', '/api/events', body);
  if (status !== 202) refuse(`events answered ${status}`);
  const who = back(run, run.oracle.told({ email: to }));
  const happening = { ...told, at, accepted: at };
  if (run.oracle.happened(who, happening)) run.accepted(who, happening);
}

/** Somebody has an email about an order, orders again, and withdraws on its page while it is decided on the next. */
export async function withdrawInBetween(run: Run, d: Dice): Promise<void> {
  const { oracle, world, minutes, turnAt } = run;
  const open = oracle.people.filter(
    ({ withdrawn, bounced, consent }) => !withdrawn && !bounced && consent?.state !== 'UNSUBSCRIBED',
  );
  const to = d.oneOf(open.flatMap(({ identifiers }) => identifiers.email ?? []));
  if (to === undefined || !run.flowIsLive) return;
  const mail = () => mailsOf(run).findLast((one) => one.to === to && pageIn(one) !== undefined);
  const wait = (minutes + 1) * minute;
  if (!mail()) {
    await orders(run, to, `early ${turnAt}`);
    await world.advance(wait);
  }
  const email = mail();
  const path = email && pageIn(email);
  if (!email || path === undefined) return;
  await orders(run, to, `late ${turnAt}`);
  const deciding = run.meeting.awaited('messages store.transact');
  const background = world.advance(wait);
  await Promise.race([deciding, background]);
  await Promise.all([background, withdraws(run, d, email, path).finally(run.meeting.over)]);
}

/** The mailbox provider sends back an email, or says that its reader complained. */
export async function bounce(run: Run, d: Dice): Promise<void> {
  const { world, oracle } = run;
  const email = d.oneOf(mailsOf(run));
  const complained = d.chance(0.3);
  // What was sent to somebody who was forgotten is known no more.
  if (!email || !itemsOf(world).some((item) => isAbout(item, email.tags))) return;
  const at = world.clock.now();
  const timestamp = new Date(at).toISOString();
  const tags = Object.fromEntries(Object.entries(email.tags).map(([name, value]) => [name, [value]] as const));
  const mail = { messageId: email.id, timestamp, tags };
  const report = complained
    ? { eventType: 'Complaint', mail, complaint: { timestamp } }
    : { eventType: 'Bounce', mail, bounce: { bounceType: 'Permanent', timestamp } };
  await world.ports.queue.send('feedback', [{ body: { Type: 'Notification', Message: JSON.stringify(report) } }]);
  if (complained) oracle.withdrew(email.to, at);
  else oracle.bounced(email.to);
}

/** The emails of the account, newest last. */
export const mailsOf = ({ world, account }: Run) => world.inbox.filter(({ tags }) => tags['account'] === account);

/** The message that an email was, or the question that it asked. */
function isAbout(item: AnyItem, { contact, message }: Readonly<Record<string, string>>): boolean {
  if (contact === undefined) return item.kind === 'message' && item.id === message;
  return item.kind === 'opt-in' && item.pk.endsWith(`#${contact}`) && item.sk.endsWith(`#${message ?? ''}`);
}
