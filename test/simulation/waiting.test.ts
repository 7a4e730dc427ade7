// People who wait in a flow cost nothing until their time comes: the hourly sweep alone runs, and reads as much for many as
// for few.
import { expect, test } from 'vitest';
import { day, hour, minute, second } from '../../shared/kernel/time.ts';
import { notedFunctions } from '../support/noted-functions.ts';
import * as ask from './requests.ts';
import { systemOf } from './system.ts';

/** What it takes that so many wait for three days, over two of them; and how many were written to on the third. */
async function waitedFor(people: number) {
  const invoked: string[] = [];
  const units = { read: 0, write: 0 };
  const meter = ({ read, write }: { read: number; write: number }) => {
    units.read += read;
    units.write += write;
  };
  const { world, make, walk } = await systemOf({ functions: notedFunctions((name) => invoked.push(name)), meter });
  const ordered = (one: number) =>
    make(
      'POST',
      '/api/events',
      ask.event({ email: `p${one}@example.org` }, { metric: 'Ordered', unique_id: `${one}` }),
    );
  await ordered(0);
  await world.advance(10 * second);
  const metric = (await walk('/api/metrics'))[0]?.id ?? '';
  const template = await make('POST', '/api/templates', ask.template('<p>Thanks</p>'));
  const flow = await make('POST', '/api/flows', ask.flow(metric, template, (3 * day) / minute));
  await make('PATCH', `/api/flows/${flow}`, ask.flowStatus(flow, 'live'));
  for (let one = 1; one <= people; one += 1) await ordered(one);
  // By then their quarter of an hour is counted.
  await world.advance(2 * hour);
  invoked.length = 0;
  Object.assign(units, { read: 0, write: 0 });
  await world.advance(2 * day);
  const cost = { invoked: [...invoked], ...units };
  expect(world.inbox).toHaveLength(0);
  await world.advance(day);
  return { cost, written: world.inbox.length };
}

test('who waits costs nothing until it is time, however many they are', async () => {
  const [few, many] = [await waitedFor(2), await waitedFor(40)];
  expect([few.written, many.written]).toEqual([2, 40]);
  expect(many.cost.invoked).toEqual(Array.from({ length: 48 }, () => 'wake'));
  expect(many.cost).toEqual(few.cost);
});
