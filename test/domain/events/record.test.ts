import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type EventInput, apiService, readEventBody, recordEvent } from '../../../shared/domain/events/index.ts';
import { recordGroups } from '../../../shared/domain/events/record.ts';
import { groupOfMany } from '../../../shared/domain/events/request.ts';
import { createProfile, findProfile } from '../../../shared/domain/identity/index.ts';
import type { EventItem, RepeatedItem, StampItem } from '../../../shared/storage/items.ts';
import { stampKey } from '../../../shared/storage/patterns.ts';
import { type Setting, known, setting } from '../setting.ts';
import { metricIdOf } from '../../support/metric-id.ts';

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const metricNamed = (name: string) => ({ data: { type: 'metric', attributes: { name } } }) as const;
const ann = known({ email: 'ann@example.com' });
const order: EventInput = { metric: { name: 'Placed Order', service: apiService }, properties: {} };

const stored = () => world.store.dump().filter((item) => item.kind === 'event') as EventItem[];
const record = (input: Partial<EventInput> = {}, profile = ann, options = {}) =>
  recordEvent(world.ports, world.account, { ...order, ...input, profile }, options);

describe('an event', () => {
  it('is recorded once per profile, metric and unique id, and the first stays', async () => {
    await record({ unique_id: '1', properties: { n: 1 }, value: 1 });
    world.clock.advance(60_000);
    await record({ unique_id: '1', properties: { n: 2 }, value: 2 });
    await record({ unique_id: '1', metric: { name: 'Other', service: apiService } });
    await record({ unique_id: '1' }, known({ email: 'bob@example.com' }));
    expect(stored()).toHaveLength(3);
    const [first] = stored().filter(({ value }) => value !== undefined);
    expect(first).toMatchObject({ value: 1, body: '{"n":1}' });
  });

  it('is recorded once when many calls tell of it at once, with one new profile and one new metric', async () => {
    await Promise.all(Array.from({ length: 20 }, () => record({ unique_id: '1' })));
    const kinds = world.store.dump().map(({ kind }) => kind);
    for (const kind of ['event', 'profile', 'identifier', 'metric']) {
      expect(kinds.filter((one) => one === kind)).toHaveLength(1);
    }
  });

  it('without a unique id counts once a second', async () => {
    await record({ time: Date.UTC(2026, 0, 1, 0, 0, 0, 100) });
    await record({ time: Date.UTC(2026, 0, 1, 0, 0, 0, 900) });
    await record({ time: Date.UTC(2026, 0, 1, 0, 0, 1) });
    expect(new Map(stored().map(({ unique_id, at }) => [unique_id, at]))).toEqual(
      new Map([
        ['1767225600', '2026-01-01T00:00:00.000Z'],
        ['1767225601', '2026-01-01T00:00:01.000Z'],
      ]),
    );
  });

  it('without a time is of the second in which its request came, however long recording takes', async () => {
    const now = world.clock.now();
    const event = { type: 'event', attributes: { properties: {}, metric: metricNamed('Placed Order') } } as const;
    const told = { profile: { data: { type: 'profile', attributes: { email: 'ann@example.com' } } } } as const;
    const group = groupOfMany({ ...told, events: { data: [event, event] } }, now, '');
    let passed = 0;
    const slow = { ...world.ports, clock: { ...world.ports.clock, now: () => now + (passed += 1000) } };
    await recordGroups(slow, world.account, [group]);
    expect(stored().map(({ at, unique_id }) => [at, unique_id])).toEqual([['2026-01-01T00:00:00.000Z', '1767225600']]);
  });

  it('shows its id, value and currency among its properties', async () => {
    const item = await record({ unique_id: '1', value: 9.5, currency: 'EUR', properties: { a: [1, null, ''] } });
    expect(await readEventBody(world.ports, item)).toEqual({
      a: [1, null, ''],
      $event_id: '1',
      $value: 9.5,
      $value_currency: 'EUR',
    });
  });

  it('is kept as a file when it is too large for an item, and the first stays', async () => {
    const large = { text: 'x'.repeat(90_000), more: ['y'.repeat(90_000), 'z'.repeat(90_000)] };
    const item = await record({ unique_id: '1', properties: large });
    await record({ unique_id: '1', properties: { ...large, text: 'other' } });
    const [kept] = stored();
    expect(kept?.body).toBeUndefined();
    expect(kept?.file).toMatch(new RegExp(`^${world.account}/events/`));
    expect(await readEventBody(world.ports, item)).toEqual({ ...large, $event_id: '1' });
  });

  it('keeps its own file when another large one with its id comes at once, whose file is told to be nobody’s', async () => {
    const large = (text: string) => ({
      unique_id: '1',
      properties: { text: Array.from('abc', () => text.repeat(90_000)) },
    });
    const { ports, account, files } = world;
    let second: EventItem | undefined;
    const put = async (key: string, body: string) => {
      await files.put(key, body);
      second ??= await record(large('2'));
    };
    const first = await recordEvent({ ...ports, files: { ...ports.files, put } }, account, {
      ...{ ...order, ...large('1') },
      profile: ann,
    });
    expect([first, second]).toEqual([stored()[0], stored()[0]]);
    expect(await readEventBody(ports, first)).toEqual({ ...large('2').properties, $event_id: '1' });
    const note = world.store.dump().find((item) => item.kind === 'repeated') as RepeatedItem;
    expect([first.file, note.file].sort()).toEqual([...files.entries.keys()].sort());
  });

  it('is the first of those that one request tells of under one id, whole, however large they are', async () => {
    const text = (n: number) => [`${n}`.repeat(90_000), 'y'.repeat(90_000), 'z'.repeat(90_000)];
    const event = (n: number, more: object) => ({ ...order, value: n, properties: { text: text(n) }, ...more });
    const time = world.clock.now();
    const events = [1, 2, 3].flatMap((n) => [
      event(n, { unique_id: 'same', time }),
      event(n + 4, { unique_id: 'same', time, metric: { name: 'Other', service: apiService } }),
      event(n + 8, { time: time + n * 100 }),
    ]);
    await recordGroups(world.ports, world.account, [{ profile: ann, events }]);
    const bodies = await Promise.all(stored().map((item) => readEventBody(world.ports, item)));
    const told = bodies.map(({ $value: value, text: said }) => [value, (said as string[])[0]?.slice(0, 1)]);
    expect(told.toSorted()).toEqual([
      [1, '1'],
      [5, '5'],
      [9, '9'],
    ]);
  });

  it('leaves a weaker identifier with its owner', async () => {
    const { ports, account } = world;
    const bob = await createProfile(ports, account, known({ external_id: 'bob' }));
    const annItem = await createProfile(ports, account, ann);
    const item = await record({}, known({ external_id: 'bob', email: 'ann@example.com' }));
    expect(item.profile).toBe(bob.id);
    expect((await findProfile(ports, account, { email: 'ann@example.com' }))?.id).toBe(annItem.id);
  });

  it('finds its person by another identifier when the id is stale, and is refused when there is none', async () => {
    const { id } = await createProfile(world.ports, world.account, ann);
    const stale = { ...ann, id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    expect((await record({}, stale)).profile).toBe(id);
    await expect(record({}, { ...stale, identifiers: {} })).rejects.toMatchObject({ status: 404 });
  });

  it('keeps any properties as they are', async () => {
    const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', '', '\ufffe'), fc.string());
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('\ufffe', '\uffff', '\u0000', '<b>"'));
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, value), { maxLength: 6 }), async (entries) => {
        n += 1;
        const properties = Object.fromEntries(entries);
        const item = await record({ unique_id: String(n), properties });
        const body = await readEventBody(world.ports, item);
        const shown = Object.entries(body).filter(([name]) => name !== '$event_id');
        expect(JSON.stringify(Object.fromEntries(shown))).toBe(JSON.stringify(properties));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the cost of an event', () => {
  const properties = { text: 'x'.repeat(900) };

  it('of a known person is at most 4 write units and 1.5 read units, however much history there is', async () => {
    const { ports, account } = world;
    await createProfile(ports, account, { ...ann, properties: { much: 'x'.repeat(90_000) } });
    await record({ unique_id: 'warm', properties, value: 1, currency: 'EUR' });
    for (let n = 0; n < 50; n += 1) await record({ unique_id: `before ${n}`, properties });
    const cost = await world.cost(() => record({ unique_id: 'one', properties, value: 10, currency: 'EUR' }));
    expect(cost).toEqual({ read: 1, write: 4 });
  });

  it('from a browser is the same', async () => {
    await createProfile(world.ports, world.account, ann);
    await record({ unique_id: 'warm', properties });
    const cost = await world.cost(() => record({ unique_id: 'one', properties }, ann, { public: true }));
    expect(cost).toEqual({ read: 1, write: 4 });
  });
});

describe('a metric', () => {
  it('is defined by its first event and told apart by service', async () => {
    const { ports, account } = world;
    const one = await metricIdOf(ports, account, { name: 'Viewed', service: 'api' });
    const other = await metricIdOf(ports, account, { name: 'Viewed', service: 'shopify' });
    expect(one).toMatch(/^[0-9A-Za-z]{6}$/);
    expect(other).not.toBe(one);
    expect(await metricIdOf(ports, account, { name: 'Viewed', service: 'api' })).toBe(one);
    expect(((await ports.store.get(stampKey(account, 'metric'))) as StampItem).n).toBe(2);
  });

  it('is found again by a container that has not seen it, and passes over an id that another one has', async () => {
    const { ports, account } = world;
    const name = { name: 'Viewed', service: 'api' };
    const id = await metricIdOf(ports, account, name);
    const elsewhere = { ...ports, store: { ...ports.store } };
    expect(await metricIdOf(elsewhere, account, name)).toBe(id);
    const items = world.store.dump();
    world.store.load(items.map((item) => (item.kind === 'metric' ? { ...item, name: 'Someone else’s' } : item)));
    const fresh = { ...ports, store: { ...ports.store } };
    const next = await metricIdOf(fresh, account, name);
    expect(next).not.toBe(id);
    expect(await metricIdOf({ ...ports, store: { ...ports.store } }, account, name)).toBe(next);
  });
});
