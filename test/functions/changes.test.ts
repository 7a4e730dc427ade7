import { describe, expect, test } from 'vitest';
import { consequencesOf } from '../../functions/changes/consequences.ts';
import { followUp } from '../../functions/changes/follow-up.ts';
import { createOpenQuarter } from '../../functions/changes/open-quarters.ts';
import { memoryPorts } from '../../shared/adapters/memory/index.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { hour, minute, second, sortable } from '../../shared/kernel/time.ts';
import { FailedAt } from '../../shared/lambda/stream.ts';
import type {
  AccountItem,
  DefinitionItem,
  DueItem,
  EnrolmentItem,
  EventItem,
  JobItem,
  MemberItem,
  MessageItem,
  ProfileItem,
} from '../../shared/storage/items.ts';
import {
  accountKey,
  definitionKey,
  dueKey,
  enrolmentIndex,
  enrolmentKey,
  eventIndex,
  eventKey,
  jobKey,
  listMemberKey,
  memberIndex,
  messageKey,
  profileIndex,
  profileKey,
  segmentMemberKey,
} from '../../shared/storage/patterns.ts';
import type { Change, Item } from '../../shared/storage/store.ts';

const account = accountId('SHOP01');
const now = Date.UTC(2026, 0, 1);
const time = sortable(now);

const profile = (rest: Partial<ProfileItem> = {}): ProfileItem => ({
  ...profileKey(account, 'P1'),
  ...profileIndex(account, 'P1', time),
  kind: 'profile',
  id: 'P1',
  version: 1,
  created: time,
  updated: time,
  attributes: '{}',
  properties: '{}',
  ...rest,
});

const event = (hash: string, rest: Partial<EventItem> = {}): EventItem => ({
  ...eventKey(account, 'P1', 'METRIC', hash),
  ...eventIndex(account, 'P1', 'METRIC', hash, time),
  kind: 'event',
  profile: 'P1',
  metric: 'METRIC',
  at: time,
  recorded: time,
  unique_id: hash,
  ...rest,
});

const member = (kind: MemberItem['kind'], group: string): MemberItem => ({
  ...(kind === 'list-member' ? listMemberKey : segmentMemberKey)(account, 'P1', group),
  ...memberIndex(account, group, 'P1', time),
  kind,
  group,
  profile: 'P1',
  joined: time,
});

const segment = (version: number): DefinitionItem => ({
  ...definitionKey(account, 'segment', 'SEG001'),
  kind: 'segment',
  id: 'SEG001',
  version,
  name: 'Some',
  created: time,
  updated: time,
  data: '{}',
});

const message = (status: MessageItem['status']): MessageItem => ({
  ...messageKey(account, 'P1', 'M1'),
  kind: 'message',
  id: 'M1',
  profile: 'P1',
  channel: 'email',
  status,
  created: time,
});

const enrolment = (rest: Partial<EnrolmentItem> = {}): EnrolmentItem => ({
  ...enrolmentKey(account, 'P1', 'X1'),
  ...enrolmentIndex(account, 'FLOW01', 'P1', time, 'X1'),
  kind: 'enrolment',
  id: 'X1',
  profile: 'P1',
  flow: 'FLOW01',
  flow_version: 1,
  version: 1,
  status: 'active',
  step: 'a',
  visit: 0,
  entered: time,
  updated: time,
  ...rest,
});

const due = (at: number): DueItem => ({
  ...dueKey(account, sortable(at), 'id'),
  kind: 'due',
  at: sortable(at),
  queue: 'messages',
  message: JSON.stringify({ type: 'expire', account, profile: 'P1', message: 'M1' }),
});

const change = (before: Item | undefined, after: Item | undefined): Change => ({
  ...(before && { before }),
  ...(after && { after }),
  at: now,
});
const work = (before?: Item, after?: Item) => consequencesOf(change(before, after), now).work ?? [];
const events = (before?: Item, after?: Item) => consequencesOf(change(before, after), now).events ?? [];
const look = { type: 'profile', account, profile: 'P1', metrics: [], lists: [], properties: false, consent: false };

describe('from a profile', () => {
  test('that is new follow a look at its segments and an event', () => {
    expect(work(undefined, profile())).toEqual([
      { queue: 'segments', body: { ...look, properties: true, consent: true } },
    ]);
    expect(events(undefined, profile())).toMatchObject([
      { type: 'profile.created', account, detail: { profile: 'P1' } },
    ]);
  });

  test('that changes follows a look at what mentions the change', () => {
    const edited = profile({ version: 2, properties: '{"plan":"gold"}' });
    const places = ["properties['plan']"];
    expect(work(profile(), edited)).toEqual([{ queue: 'segments', body: { ...look, properties: true, places } }]);
    const suppressed = profile({ email_suppressions: [{ reason: 'HARD_BOUNCE', at: time }] });
    expect(work(profile(), suppressed)).toEqual([
      { queue: 'segments', body: { ...look, consent: true } },
      { queue: 'segments', body: { type: 'file-suppressions', account, profile: 'P1' } },
    ]);
    expect(work(suppressed, undefined)).toMatchObject([{ body: { type: 'file-suppressions' } }]);
    expect(events(profile(), edited)).toEqual([]);
  });

  test('that changes follows a look that names every place, as long as they are short together', () => {
    const placesOf = (before: Partial<ProfileItem>, after: Partial<ProfileItem>) => {
      const [only] = work(profile(before), profile(after)).flatMap((one) =>
        one.queue === 'segments' && one.body.type === 'profile' ? one.body : [],
      );
      return only?.places;
    };
    const there = { attributes: '{"location":{"city":"Bonn"}}', properties: '{"a":[1],"b":{"c":1},"__proto__":1}' };
    expect(placesOf(there, { ...there, external_id: 'x', email: 'p@example.com' })).toEqual(['email', 'external_id']);
    expect(placesOf(there, { ...there, attributes: '{"title":"Dr","location":{"city":"Ulm"}}' })).toEqual([
      'title',
      'location',
    ]);
    expect(placesOf(there, { ...there, properties: '{"a":[1],"b":{"c":2},"d":null}' })).toEqual([
      "properties['b']",
      "properties['__proto__']",
    ]);
    const many = (most: number) => JSON.stringify(Object.fromEntries(Array.from({ length: most }, (_, n) => [n, n])));
    expect(placesOf({}, { properties: many(100) })).toHaveLength(100);
    expect(placesOf({}, { properties: many(1000) })).toBeUndefined();
    expect(placesOf({}, { properties: JSON.stringify({ ['x'.repeat(4000)]: 1 }) })).toBeUndefined();
  });

  test('nothing follows when only its version and time moved, or when it is gone', () => {
    expect(work(profile(), profile({ version: 2, updated: sortable(now + second) }))).toEqual([]);
    expect(work(profile(), undefined)).toEqual([]);
  });
});

describe('from the derived state', () => {
  const state = (rest: object): Item =>
    ({ pk: `${account}#P#P1`, sk: 'A#STATE', kind: 'state', segments: [], metrics: {}, decided: 7, ...rest }) as Item;
  const again = { queue: 'segments', body: { ...look, decided: { stamp: 7, at: time } } };

  test('follows a look by whoever holds other definitions, when segments or the timer are others', () => {
    expect(work(undefined, state({ segments: ['S1'] }))).toEqual([again]);
    expect(work(state({ segments: ['S1'] }), state({}))).toEqual([again]);
    expect(work(state({ timer: time }), state({}))).toEqual([again]);
  });

  test('nothing follows when only the newest events are others, or when it is gone', () => {
    expect(work(undefined, state({}))).toEqual([]);
    expect(work(state({}), state({ metrics: { METRIC: time } }))).toEqual([]);
    expect(work(state({ segments: ['S1'] }), undefined)).toEqual([]);
  });
});

describe('from an event', () => {
  const untally = { queue: 'tallies', body: { type: 'untally', account, metric: 'METRIC', quarter: time } };
  const trigger = { type: 'event', account, profile: 'P1', metric: 'METRIC', event: event('h').sk };

  test('follow a look at the segments, the flows it triggers, and an event on the bus', () => {
    expect(work(undefined, event('h'))).toEqual([
      { queue: 'segments', body: { ...look, metrics: ['METRIC'], newest: time, span: { from: time, to: time } } },
      untally,
      { queue: 'flows', body: trigger },
    ]);
    expect(events(undefined, event('h'))).toMatchObject([{ type: 'event.recorded', detail: { profile: 'P1' } }]);
  });

  test('of the past follow no flows', () => {
    expect(work(undefined, event('h', { backfill: true })).map(({ queue }) => queue)).toEqual(['segments', 'tallies']);
  });

  test('that goes, or gives way to an earlier one, follows that its quarters of an hour are counted anew', () => {
    expect(work(event('h'), undefined)).toEqual([untally]);
    const other = event('h', { at: sortable(now + 20 * minute), recorded: sortable(now - minute) });
    const later = { ...untally, body: { ...untally.body, quarter: sortable(now + 15 * minute) } };
    expect(work(event('h'), other).filter(({ queue }) => queue === 'tallies')).toEqual([untally, later]);
  });

  test('that is rewritten follows nothing', () => {
    expect(work(event('h'), event('h', { value: 1 }))).toEqual([]);
  });
});

describe('from memberships', () => {
  test('of lists follows a look at the segments, both ways, and flows for whoever joins', () => {
    const joined = member('list-member', 'LIST01');
    const body = { ...look, lists: ['LIST01'] };
    const told = { queue: 'segments', body };
    const start = { type: 'joined', account, profile: 'P1', of: 'list', group: 'LIST01', joined: time };
    expect(work(undefined, joined)).toEqual([told, { queue: 'flows', body: start }]);
    expect(work(joined, undefined)).toEqual([told]);
    // By an import of old consents, or with a merge: nothing starts.
    expect(work(undefined, { ...joined, built: true } as Item)).toEqual([told]);
    // A merge made it and another the earlier one: since when is asked for too, and nobody comes in.
    expect(work(joined, { ...joined, joined: sortable(0) } as Item)).toEqual([told]);
    expect(work(joined, { ...joined, built: true } as Item)).toEqual([]);
  });

  test('of segments follow entering and leaving', () => {
    const entered = member('segment-member', 'SEG001');
    expect(events(undefined, entered)).toMatchObject([{ type: 'segment.entered', detail: { segment: 'SEG001' } }]);
    const [left] = events(entered, undefined);
    expect(left).toMatchObject({ type: 'segment.left', detail: { profile: 'P1' } });
    expect(left?.detail).not.toHaveProperty('built');
    expect(events(entered, { ...entered, built: true } as Item)).toEqual([]);
  });
});

test('a segment that is made, changed or removed is built', () => {
  const build = (version: number) => [
    { queue: 'segments', body: { type: 'build', account, segment: 'SEG001', version } },
  ];
  expect(work(undefined, segment(1))).toEqual(build(1));
  expect(work(segment(1), segment(2))).toEqual(build(2));
  expect(work(segment(2), undefined)).toEqual(build(3));
  expect(work(segment(1), segment(1))).toEqual([]);
});

test('the members of a list that is removed are left to a job', () => {
  const list: DefinitionItem = {
    ...segment(1),
    ...definitionKey(account, 'list', 'LIST01'),
    kind: 'list',
    id: 'LIST01',
  };
  const body = { type: 'empty-list', account, job: 'LIST01' };
  // Not at once: the index has to learn of who joined last.
  expect(work(list, undefined)).toEqual([{ queue: 'jobs', body, delaySeconds: 2 }]);
  expect(work(undefined, list)).toEqual([]);
});

describe('from a message', () => {
  test('that is queued follows its delivery', () => {
    const body = { type: 'deliver', account, profile: 'P1', message: 'M1' };
    expect(work(undefined, message('QUEUED'))).toEqual([{ queue: 'messages', body }]);
    expect(work(message('QUEUED'), message('CLAIMED'))).toEqual([]);
  });

  test('follows its outcome, once', () => {
    expect(events(message('CLAIMED'), message('SENT'))).toMatchObject([
      { type: 'message.sent', detail: { message: 'M1' } },
    ]);
    expect(events(undefined, message('SKIPPED'))).toMatchObject([{ type: 'message.skipped' }]);
    expect(events(message('SENT'), message('SENT'))).toEqual([]);
  });
});

describe('from an enrolment', () => {
  test('that stands before a step follows the step', () => {
    const body = { type: 'advance', account, profile: 'P1', enrolment: 'X1', step: 'a', visit: 0 };
    expect(work(undefined, enrolment())).toEqual([{ queue: 'flows', body }]);
    expect(work(enrolment(), enrolment({ version: 2, step: 'b', visit: 1 }))).toEqual([
      { queue: 'flows', body: { ...body, step: 'b', visit: 1 } },
    ]);
  });

  test('that waits or is over follows nothing', () => {
    expect(work(enrolment(), enrolment({ version: 2, due: sortable(now + minute) }))).toEqual([]);
    expect(work(enrolment(), enrolment({ version: 2, status: 'finished' }))).toEqual([]);
  });
});

test('a job that is new has its first stretch, and one whose cursor moved the next', () => {
  const job = {
    ...jobKey(account, 'subscribe', 'J1'),
    kind: 'job',
    id: 'J1',
    type: 'subscribe',
    status: 'queued',
  } as JobItem;
  expect(work(undefined, job)).toEqual([{ queue: 'jobs', body: { type: 'subscribe', account, job: 'J1' } }]);
  expect(work(job, { ...job, status: 'processing' } as Item)).toEqual([]);
  const moved = { ...job, status: 'processing', cursor: '500' } as JobItem;
  const body = { type: 'subscribe', account, job: 'J1', cursor: '500' };
  expect(work(job, moved)).toEqual([{ queue: 'jobs', body }]);
  expect(work(moved, { ...moved, status: 'complete' } as Item)).toEqual([]);
});

describe('work that is due', () => {
  const body = { type: 'expire', account, profile: 'P1', message: 'M1' };

  test('in the minute that has begun goes straight to its queue, with what remains as delay', () => {
    expect(work(undefined, due(now + 40 * second))).toEqual([{ queue: 'messages', body, delaySeconds: 40 }]);
    expect(work(undefined, due(now - minute))).toEqual([{ queue: 'messages', body, delaySeconds: 0 }]);
  });

  test('written just before its minute begins goes too: the wake-up may have been there already', () => {
    const early = { after: due(now + minute), at: now + minute - 5 * second };
    expect(consequencesOf(early, early.at).work).toEqual([{ queue: 'messages', body, delaySeconds: 5 }]);
  });

  test('later is left to the wake-up of its minute', () => {
    expect(work(undefined, due(now + 2 * minute))).toEqual([]);
    expect(work(due(now), undefined)).toEqual([]);
  });
});

describe('a batch of changes', () => {
  test('becomes one look per profile and no message twice', async () => {
    const { ports, queue, bus } = memoryPorts();
    const early = event('b', { metric: 'OTHER1', at: sortable(now - minute) });
    await followUp(ports, [
      change(undefined, profile()),
      change(undefined, event('a')),
      change(undefined, event('a')),
      change(undefined, early),
      change(undefined, member('list-member', 'LIST01')),
    ]);
    const looks = queue.receive('segments', 10).map(({ body }) => JSON.parse(body) as unknown);
    expect(looks).toEqual([
      {
        ...look,
        metrics: ['METRIC', 'OTHER1'],
        lists: ['LIST01'],
        properties: true,
        consent: true,
        newest: time,
        span: { from: sortable(now - minute), to: time },
      },
    ]);
    // Two events, and the joining.
    expect(queue.size('flows')).toBe(3);
    expect(bus.published.map(({ type }) => type)).toContain('profile.created');
  });

  test('tells of the places of all its changes, and of none when one may concern any', async () => {
    const { ports, queue } = memoryPorts();
    const [a, b] = [
      profile({ version: 2, properties: '{"a":1}' }),
      profile({ version: 3, properties: '{"a":1,"b":1}' }),
    ];
    await followUp(ports, [change(profile(), a), change(a, b)]);
    await followUp(ports, [change(undefined, profile()), change(profile(), a)]);
    const looks = queue.receive('segments', 10).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(looks.map(({ places }) => places)).toEqual([["properties['a']", "properties['b']"], undefined]);
  });

  test('asks once per container for the counting of the quarter that is open, each time for that of others', async () => {
    const { ports, queue, clock } = memoryPorts();
    const open = createOpenQuarter();
    const late = event('b', { at: sortable(now - hour) });
    const quarters = async () => {
      await followUp(ports, [change(undefined, event('a')), change(undefined, late)], open);
      const received = queue.receive('tallies', 10);
      queue.remove(
        'tallies',
        received.map(({ receipt }) => receipt),
      );
      return received.map(({ body }) => (JSON.parse(body) as { quarter: string }).quarter);
    };
    const [then, before] = [sortable(now), sortable(now - hour)];
    expect([await quarters(), await quarters()]).toEqual([[then, before], [before]]);
    clock.advance(15 * minute);
    expect([await quarters(), await quarters()]).toEqual([
      [then, before],
      [then, before],
    ]);
  });

  test('asks for the counting of the open quarter although a timer of it was sent on before, and sends that on after it too', async () => {
    const { ports, queue } = memoryPorts();
    const open = createOpenQuarter();
    const message = JSON.stringify({ type: 'tally', account, metric: event('a').metric, quarter: sortable(now) });
    const timer = (token: string): DueItem => ({ ...due(now), queue: 'tallies', message, token });
    for (const after of [timer('one'), event('a'), timer('two')])
      await followUp(ports, [change(undefined, after)], open);
    const types = queue.receive('tallies', 10).map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types).toEqual(['tally', 'untally', 'tally']);
  });

  test('is not over before everything is sent', async () => {
    const { ports } = memoryPorts();
    const down = { ...ports, bus: { publish: () => Promise.reject(new Error('The bus is down.')) } };
    await expect(followUp(down, [change(undefined, event('a'))])).rejects.toThrow('down');
  });

  test('lets go of a file that came with an event that was known', async () => {
    const note = { pk: `${account}#P#p1`, sk: 'R#1', kind: 'repeated', profile: 'p1', n: 1 };
    const dropped = (before: object | undefined, after: object) =>
      consequencesOf(change(before as Item | undefined, after as Item), now).work?.filter(
        ({ queue }) => queue === 'jobs',
      );
    const job = { queue: 'jobs', body: { type: 'drop-file', account, job: 'file 1' } };
    expect(dropped(undefined, { ...note, file: 'file 1' })).toEqual([job]);
    expect(dropped(note, { ...note, n: 2, file: 'file 1' })).toEqual([job]);
    expect(dropped({ ...note, file: 'file 1' }, { ...note, n: 2, file: 'file 1' })).toEqual([]);
    expect(dropped(undefined, note)).toEqual([]);
  });

  test('is taken up to a change that cannot be read', async () => {
    const { ports, queue } = memoryPorts();
    const broken = { ...due(now), message: '{' };
    const batch = [change(undefined, event('a')), change(undefined, broken), change(undefined, event('b'))];
    const failure = await followUp(ports, batch).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FailedAt);
    expect(failure).toMatchObject({ index: 1 });
    expect(queue.size('flows')).toBe(1);
  });
});

describe('what measures messages', () => {
  const recorded = (rest: Partial<EventItem>) =>
    consequencesOf(change(undefined, { ...event('a'), ...rest }), now).work;
  const queuesOf = (work: readonly { queue: string }[] = []) => work.map(({ queue }) => queue);
  test('starts no flow; leaving and everything else does', () => {
    const ours = { metric_service: 'klaviyo' };
    expect(queuesOf(recorded({ ...ours, metric_name: 'Received Email' }))).not.toContain('flows');
    expect(queuesOf(recorded({ ...ours, metric_name: 'Unsubscribed' }))).toContain('flows');
    expect(queuesOf(recorded({ metric_service: 'api', metric_name: 'Received Email' }))).toContain('flows');
  });

  test('tells the bus once that marketing email rests', () => {
    const owner = { ...accountKey(account), kind: 'account', id: account, name: '' } as unknown as AccountItem;
    const mail_rests = { why: 'bounced' as const, since: time, received: 9, bounced: 11, complained: 0 };
    const resting: AccountItem = { ...owner, mail_rests };
    const renamed: AccountItem = { ...resting, name: 'x' };
    const told = [{ type: 'sending.rests', account, detail: mail_rests }];
    expect(consequencesOf(change(owner, resting), now).events).toEqual(told);
    expect(consequencesOf(change(resting, renamed), now).events ?? []).toEqual([]);
    expect(consequencesOf(change(resting, owner), now).events ?? []).toEqual([]);
  });
});
