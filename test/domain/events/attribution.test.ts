// What an event is put down to (behaviour 11): the last touch within the window of its kind.
import { describe, expect, it } from 'vitest';
import { internalService, recordEvent } from '../../../shared/domain/events/index.ts';
import { day, hour, minute } from '../../../shared/kernel/time.ts';
import { known, setting } from '../setting.ts';

const person = known({ email: 'ann@people.example' });

async function history() {
  const world = await setting();
  const start = world.clock.now();
  const tell = (name: string, at: number, properties: object = {}, service = internalService) =>
    recordEvent(world.ports, world.account, {
      ...{ metric: { name, service }, properties: { ...properties }, time: start + at, profile: person },
      unique_id: `${name} ${at}`,
    });
  world.clock.advance(30 * day);
  const order = async (at: number) => {
    await tell('Placed Order', at, {}, 'api');
    const { included } = await world.call('GET', '/api/events?include=attributions&page[size]=100');
    const found = included.filter(({ relationships }) => relationships['event'] !== undefined);
    const ids = found.map(({ relationships }) => (relationships['attributed-event']?.data as { id: string }).id);
    const touches = await Promise.all(ids.map((id) => world.call('GET', `/api/events/${id}?include=metric`)));
    return touches.map((one) => one.included[0]?.attributes['name']);
  };
  return { ...world, tell, order };
}

describe('an event is put down to', () => {
  it.each([
    ['Clicked Email', 5 * day],
    ['Opened Email', 5 * day],
    ['Clicked SMS', 5 * day],
    ['Received SMS', 12 * hour],
  ])('%s for as long as its window lasts', async (metric, window) => {
    const inside = await history();
    await inside.tell(metric, 0);
    expect(await inside.order(window)).toEqual([metric]);
    const outside = await history();
    await outside.tell(metric, 0);
    expect(await outside.order(window + minute)).toEqual([]);
    const before = await history();
    await before.tell(metric, hour);
    expect(await before.order(0)).toEqual([]);
  });

  it('the last of several, whatever its kind, and to none of software', async () => {
    const { tell, order } = await history();
    await tell('Clicked Email', 0);
    await tell('Opened Email', hour);
    await tell('Opened Email', 2 * hour, { machine_open: true });
    await tell('Clicked Email', 3 * hour, { 'Bot Click': true });
    expect(await order(4 * hour)).toEqual(['Opened Email']);
  });

  it('nothing that others call by the same name, nor what tells of messages', async () => {
    const { tell, order } = await history();
    await tell('Clicked Email', 0, {}, 'api');
    await tell('Received Email', 0);
    expect(await order(hour)).toEqual([]);
  });
});
