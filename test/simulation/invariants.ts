// What holds of the table, the queues and the inbox once everything has had its time, whatever was done: the
// invariants that need no knowledge of the history. Answers what is broken, in words.
import type { World } from '../../functions/local/world.ts';
import { keyedId } from '../../shared/kernel/ids.ts';
import { hour, minute } from '../../shared/kernel/time.ts';
import { type AnyItem, accountOf, known, profileIndex, pushTokenClaimKey } from '../../shared/storage/patterns.ts';
import { counts } from './counts.ts';
import { details } from './details.ts';

/** The item that has this kind, or can have it. */
type Of<K extends AnyItem['kind'], I extends AnyItem = AnyItem> = I extends AnyItem
  ? K extends I['kind']
    ? I
    : never
  : never;

function ofKind<K extends AnyItem['kind']>(items: readonly AnyItem[], kind: K): Of<K>[] {
  return items.filter((item) => item.kind === kind) as Of<K>[];
}

const sorted = (texts: readonly string[]) => [...texts].sort();
const same = (a: readonly string[], b: readonly string[]) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** The items of the table, told apart by their kind; as they are kept, to be read only. */
export function itemsOf({ store }: Pick<World, 'store'>): readonly AnyItem[] {
  const items: AnyItem[] = [];
  store.visit((item) => items.push(known(item)));
  return items;
}

const identifierKinds = ['email', 'phone_number', 'external_id', 'anonymous_id'] as const;

/** One profile per identifier: claims and profiles in bijection; suppressions of an address and their copy are equal. */
function identity(items: readonly AnyItem[]): string[] {
  const profiles = ofKind(items, 'profile');
  const claims = ofKind(items, 'identifier').map(({ pk, profile }) => `${pk.split('#').slice(2).join('#')} ${profile}`);
  const held = profiles.flatMap((one) => [
    ...identifierKinds.flatMap((kind) => (one[kind] === undefined ? [] : `${kind}#${one[kind]} ${one.id}`)),
    ...(one.other_emails ?? []).map((email) => `email#${email} ${one.id}`),
  ]);
  const contacts = new Map(
    ofKind(items, 'contact').map(({ pk, suppressions }) => [pk.split('#').at(-1), suppressions]),
  );
  const secret = ofKind(items, 'account')[0]?.secret ?? '';
  const hashOf = (email: string) => keyedId(secret, 22, 'contact', 'email', email);
  const copies = profiles.filter(
    ({ email, email_suppressions: copy = [] }) =>
      email !== undefined && JSON.stringify(copy) !== JSON.stringify(contacts.get(hashOf(email)) ?? []),
  );
  return [
    ...(same(claims, held)
      ? []
      : [`I3 identity: claims ${sorted(claims).join(', ')}; profiles ${sorted(held).join(', ')}`]),
    ...copies.map(({ id }) => `I5 suppressions: profile ${id} shows other suppressions than its address`),
  ];
}

/** The profiles of people who were forgotten, also those that had been merged into theirs. */
function goneIn(items: readonly AnyItem[]): Set<string> {
  const gone = new Set(ofKind(items, 'erased').map(({ profile }) => profile));
  for (let size = -1; size < gone.size;) {
    size = gone.size;
    for (const { pk, into } of ofKind(items, 'merged')) if (gone.has(into)) gone.add(pk.split('#')[2] ?? '');
  }
  return gone;
}

/** Where a forgotten person was nothing is left but that they were forgotten. */
function forgotten(items: readonly AnyItem[]): string[] {
  const partitions = new Set(ofKind(items, 'erased').map(({ pk }) => pk));
  return items.flatMap(({ pk, sk, kind }) =>
    kind !== 'erased' && partitions.has(pk) ? [`I11 ${sk} was left behind in ${pk}`] : [],
  );
}

const terminal = new Set(['SENT', 'SKIPPED', 'FAILED', 'UNKNOWN']);

/** Every message is handed over at most once, and is what became of it. */
function messages(items: readonly AnyItem[], world: World): string[] {
  // Confirmations are kept with what they confirm, which goes.
  const ofPeople = [...world.inbox, ...world.sms.inbox].filter(({ tags }) => tags['contact'] === undefined);
  const handed = Map.groupBy(ofPeople, ({ tags }) => tags['message'] ?? '');
  const broken: string[] = [];
  for (const { id, status, reason = '' } of ofKind(items, 'message')) {
    const times = handed.get(id)?.length ?? 0;
    if (!terminal.has(status)) broken.push(`I6 message ${id} stays ${status}`);
    if (times > 1) broken.push(`I6 message ${id} was handed over ${times} times`);
    if (status === 'SENT' && times !== 1) broken.push(`I6 message ${id} is SENT and was handed over ${times} times`);
    if ((status === 'SKIPPED' || status === 'FAILED') && times > 0)
      broken.push(`I6 message ${id} is ${status} (${reason}) and was handed over`);
    handed.delete(id);
  }
  // Of who was forgotten only the inbox knows.
  const gone = goneIn(items);
  for (const [id, mails] of handed) if (mails.every(({ tags }) => gone.has(tags['profile'] ?? ''))) handed.delete(id);
  return [...broken, ...[...handed.keys()].map((id) => `I6 message ${id} was handed over and is not known`)];
}

/** Whoever waits has a timer that is there; nobody waits for what is past; a step is taken once. */
function waiting(items: readonly AnyItem[], world: World): string[] {
  const now = new Date(world.clock.now()).toISOString();
  const due = ofKind(items, 'due');
  const timers = new Set(due.map(({ at, message }) => `${at} ${message}`));
  const has = (at: string, ...parts: string[]) =>
    [...timers].some((timer) => timer.startsWith(at) && parts.every((part) => timer.includes(part)));
  // A timer for a minute that had begun is sent on at once, and cleared away by the next sweep.
  const swept = new Date(world.clock.now() - hour - 10 * minute).toISOString();
  const broken = due
    .filter(({ at }) => at < swept)
    .map(({ at, message }) => `I7 timer of ${at} still there: ${message}`);
  for (const { id, status, due: until, step, waits } of ofKind(items, 'enrolment')) {
    if (status !== 'active' || waits !== undefined) continue;
    if (until === undefined || until <= now) broken.push(`I7 enrolment ${id} stands still before ${step ?? '?'}`);
    else if (!has(until, id)) broken.push(`I7 enrolment ${id} waits until ${until} without a timer`);
  }
  for (const { pk, timer } of ofKind(items, 'state')) {
    if (timer === undefined) continue;
    if (timer <= now) broken.push(`I8 state ${pk} waits for ${timer}, which is past`);
    else if (!has(timer, pk.split('#')[2] ?? '')) broken.push(`I8 state ${pk} waits until ${timer} without a timer`);
  }
  const ofSteps = ofKind(items, 'message').filter(({ campaign }) => campaign === undefined);
  const steps = ofSteps.map(({ enrolment = '', action = '' }) => `${enrolment} ${action}`);
  for (const [step, all] of Map.groupBy(steps, (one) => one))
    if (all.length > 1) broken.push(`I7 step ${step} made ${all.length} messages`);
  const scheduled = new Set(world.schedule.pending().map(({ name }) => name));
  for (const { at } of due)
    if (![...scheduled].some((name) => name.endsWith(at.slice(0, 16).replaceAll(/[-:]/g, ''))) && at.slice(0, 16) > now)
      broken.push(`I7 timer of ${at} has no schedule`);
  return broken;
}

/** Nobody is in what is not there; all jobs and builds are done; state and memberships agree. */
function groups(items: readonly AnyItem[]): string[] {
  const there = new Set(items.flatMap((item) => (item.kind === 'list' || item.kind === 'segment' ? item.id : [])));
  const inState = ofKind(items, 'state').flatMap(({ pk, segments }) =>
    segments.map((id) => `${id} ${pk.split('#')[2]}`),
  );
  const inSegments = ofKind(items, 'segment-member').map(({ group, profile }) => `${group} ${profile}`);
  return [
    ...items.flatMap((item) =>
      (item.kind === 'list-member' || item.kind === 'segment-member') && !there.has(item.group)
        ? [`I16 profile ${item.profile} is in ${item.group}, which is gone`]
        : [],
    ),
    ...(same(inState, inSegments)
      ? []
      : [`I8 states say ${sorted(inState).join()}; members are ${sorted(inSegments).join()}`]),
    ...ofKind(items, 'build').flatMap(({ segment, finished }) =>
      finished === undefined ? [`I8 the build of ${segment} is not finished`] : [],
    ),
    ...ofKind(items, 'job').flatMap(({ id, status }) =>
      status === 'complete' ? [] : [`I16 job ${id} stays ${status}`],
    ),
  ];
}

const queues = ['segments', 'flows', 'messages', 'jobs', 'tallies', 'feedback'] as const;

/** Nothing waits, nothing was parked, nothing was given up; the bus heard of everything. */
function work(items: readonly AnyItem[], world: World): string[] {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const heard = new Set(
    world.bus.published.map(
      ({ type, detail }) => `${type} ${text(detail['profile'])} ${text(detail['unique_id'] ?? detail['message'])}`,
    ),
  );
  const expected = items.flatMap((item) => {
    if (item.kind === 'profile') return [`profile.created ${item.id} `];
    if (item.kind === 'event') return [`event.recorded ${item.origin ?? item.profile} ${item.unique_id}`];
    // Of a message that moved it was told where it lay then.
    if (item.kind === 'message' && item.status === 'SENT' && item.origin === undefined)
      return [`message.sent ${item.profile} ${item.id}`];
    return [];
  });
  return [
    ...queues.flatMap((queue) => {
      const [size, dead] = [world.queue.size(queue), world.deadLetters(queue).length];
      return [
        ...(size > 0 ? [`I16 queue ${queue} still holds ${size}`] : []),
        ...(dead > 0 ? [`I17 queue ${queue} has ${dead} dead letters`] : []),
      ];
    }),
    ...(world.bus.published.length < 1000 ? expected.filter((one) => !heard.has(one)) : []).map(
      (one) => `I16 the bus never heard of ${one}`,
    ),
  ];
}

/** Nothing of a person lies where a merge took it from, and nobody waits for the rest of a person. */
function merges(items: readonly AnyItem[]): string[] {
  const gone = ofKind(items, 'merged');
  const partitions = new Set(gone.map(({ pk }) => pk));
  return [
    ...gone.flatMap(({ pk, finished, files }) =>
      finished === undefined || files !== undefined ? [`I9 the merge of ${pk} is not finished`] : [],
    ),
    ...items.flatMap(({ pk, sk, kind }) =>
      kind !== 'merged' && partitions.has(pk) ? [`I9 ${sk} was left behind in ${pk}`] : [],
    ),
    ...ofKind(items, 'profile').flatMap(({ id, absorbing }) =>
      absorbing === undefined ? [] : [`I9 profile ${id} still absorbs ${absorbing.join()}`],
    ),
  ];
}

/** Profiles stand in their places in every order, so do their suppressions; a push token is one person's. */
function orders(items: readonly AnyItem[]): string[] {
  const profiles = ofKind(items, 'profile');
  const misplaced = profiles.filter((item) => {
    const { id, created, updated, email } = item;
    const places = Object.entries(profileIndex(accountOf(item), id, created, { updated, email }));
    return places.some(([name, place]) => item[name as keyof typeof item] !== place);
  });
  const carried = profiles.flatMap((item) => [
    ...(item.email_suppressions ?? []).map(({ reason }) => `${item.pk} U#~#${reason}`),
    ...(item.email_list_suppressions ?? []).map(({ list, reason }) => `${item.pk} U#${list}#${reason}`),
  ]);
  const filed = ofKind(items, 'suppressed').map(({ pk, sk }) => `${pk} ${sk}`);
  const tokens = ofKind(items, 'push-token').map((item) => {
    const { pk } = pushTokenClaimKey(accountOf(item), item.token);
    return `${pk} ${item.profile}`;
  });
  const claims = ofKind(items, 'push-token-claim').map(({ pk, profile }) => `${pk} ${profile}`);
  return [
    ...misplaced.map(({ id }) => `I14 profile ${id} stands in another place than its own`),
    ...(same([...new Set(carried)], filed)
      ? []
      : [`I5 suppressed are ${sorted(carried).join()}; filed ${sorted(filed).join()}`]),
    ...(same(tokens, claims) ? [] : [`I3 push tokens ${sorted(tokens).join()}; claims ${sorted(claims).join()}`]),
  ];
}

/** What was given up after its last attempt. A wake-up may be: the hourly sweep finds what it left. */
export function givenUpIn(world: World, allowed: readonly string[] = []): string[] {
  return world.givenUp
    .filter(({ function: name }) => !allowed.includes(name))
    .map(({ function: name, work: what }) => `I16 ${name} gave up ${JSON.stringify(what)}`);
}

/** What is broken; empty when all is well. To be called when everything has had its time. */
export function brokenIn(world: World): string[] {
  const items = itemsOf(world);
  const accounts = ofKind(items, 'account').map(accountOf);
  return [
    // Two accounts may know the same addresses.
    ...accounts.flatMap((one) => identity(items.filter((item) => accountOf(item) === one))),
    ...messages(items, world),
    ...waiting(items, world),
    ...groups(items),
    ...work(items, world),
    ...merges(items),
    ...forgotten(items),
    ...orders(items),
    ...counts(items),
    ...details(items, world),
  ];
}
