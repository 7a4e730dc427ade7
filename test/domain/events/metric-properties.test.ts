import { beforeEach, describe, expect, it } from 'vitest';
import { type EventInput, apiService, recordEvent } from '../../../shared/domain/events/index.ts';
import { erase, forget } from '../../../shared/domain/identity/index.ts';
import { type Setting, known, setting } from '../setting.ts';
import { metricIdOf } from '../../support/metric-id.ts';

const name = { name: 'Placed Order', service: apiService };
const ann = known({ email: 'ann@example.com' });

let world: Setting;
beforeEach(async () => {
  world = await setting();
});

const record = (input: Partial<EventInput>) =>
  recordEvent(world.ports, world.account, { metric: name, properties: {}, ...input, profile: ann });

async function shown(query = '') {
  const id = await metricIdOf(world.ports, world.account, name);
  return (await world.call('GET', `/api/metrics/${id}/metric-properties${query}`)).many;
}
const types = async () =>
  (await shown()).map(({ attributes }) => [attributes['property'], attributes['inferred_type']]);
const samples = async () =>
  (await shown('?additional-fields[metric-property]=sample_values')).map(
    ({ attributes }) => attributes['sample_values'],
  );

describe('a property', () => {
  it('has the type of its values, and is a text when they differ', async () => {
    await record({ unique_id: '1', properties: { a: 1, b: 'x', c: false, d: [{}] }, value: 1, currency: 'EUR' });
    expect(await types()).toEqual([
      ['a', 'Number'],
      ['b', 'String'],
      ['c', 'Boolean'],
      ['d', 'List'],
      ['$value', 'Number'],
      ['$value_currency', 'String'],
    ]);
    await record({ unique_id: '2', properties: { a: true, e: 2 } });
    expect((await types()).filter(([one]) => one === 'a' || one === 'e')).toEqual([
      ['a', 'String'],
      ['e', 'Number'],
    ]);
  });

  it('is none while it is not set, is an object, or is called something very long', async () => {
    await record({ properties: { a: 0, b: '', c: null, d: { e: 1 }, ['f'.repeat(256)]: 1 } });
    expect(await types()).toEqual([]);
  });

  it('may have any name', async () => {
    const names = ['__proto__', 'constructor', '', '\u0000', '😀', '#', '\ufffe'];
    const bag = `{${names.map((one) => `${JSON.stringify(one)}:"x"`).join()}}`;
    await record({ properties: JSON.parse(bag) as EventInput['properties'] });
    expect((await types()).map(([one]) => one)).toEqual(names);
    expect(await samples()).toEqual(names.map(() => ['x']));
  });

  it('is one of at most five hundred', async () => {
    const bag = (from: number) => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p${from + i}`, 'x']));
    await record({ unique_id: '1', properties: bag(0) });
    await record({ unique_id: '2', properties: bag(300) });
    expect(await types()).toHaveLength(500);
    const cost = await world.cost(() => record({ unique_id: '3', properties: bag(300) }));
    expect(cost.write).toBeLessThan(20);
  });

  it('is learned once by all who learn at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => record({ unique_id: String(i), properties: { [`p${i % 7}`]: 'x' } })),
    );
    expect((await types()).map(([one]) => one).sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
  });

  it('that is known costs nothing more', async () => {
    await record({ unique_id: '1', properties: { a: 1 } });
    const known = await world.cost(() => record({ unique_id: '2', properties: { a: 2 } }));
    const fresh = await world.cost(() => record({ unique_id: '3', properties: { b: 2 } }));
    expect(known).toEqual({ read: 1, write: 3 });
    expect(fresh).toEqual({ read: 2, write: 4 });
  });
});

describe('examples', () => {
  it('are of the newest events, each once, ten at most, none of them long', async () => {
    for (let i = 0; i < 15; i += 1)
      await record({ time: Date.UTC(2026, 0, 1, i), properties: { n: i % 2 ? 'odd' : i + 1, long: 'x'.repeat(300) } });
    expect(await samples()).toEqual([[15, 'odd', 13, 11, 9, 7, 5, 3, 1], []]);
  });

  it('are gone with the person who gave them', async () => {
    const { profile } = await record({ properties: { note: 'call Ann' } });
    expect(await samples()).toEqual([['call Ann']]);
    await forget(world.ports, world.account, profile);
    await erase(world.ports, world.account, profile);
    expect(await samples()).toEqual([[]]);
    expect(JSON.stringify(world.store.dump())).not.toContain('call Ann');
  });
});
