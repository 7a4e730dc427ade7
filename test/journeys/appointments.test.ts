// What is to come: a segment of people whose appointment is near, and the flow that reminds them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { day, second } from '../../shared/kernel/time.ts';
import { type Things, conditionsOf, eventOf, furnish, segmentOf, templateOf } from '../api/specimens.ts';
import { type Stage, messagesOfFlow, openStage } from '../api/stage.ts';
import { subscription } from '../support/shop.ts';

let stage: Stage;
let things: Things;
beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Soon01', stage.key);
});
afterAll(() => stage.close());

async function post(path: string, body: object) {
  const answer = await stage.send('POST', path, { body });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.one;
}

it('who has an appointment within a day is reminded once, and leaves when it has begun', async () => {
  const condition = {
    type: 'profile-metric',
    metric_id: things.metric,
    measurement: 'count',
    measurement_filter: { type: 'numeric', operator: 'greater-than', value: 0 },
    timeframe_filter: { type: 'date', operator: 'in-the-next', unit: 'day', quantity: 1 },
  };
  const segment = await post('/api/segments', segmentOf('Soon', conditionsOf(condition)));
  const template = await post('/api/templates', templateOf({ name: 'Soon', html: '<p>See you tomorrow</p>' }));
  const actions = [
    {
      temporary_id: 'a',
      type: 'send-email',
      data: { status: 'live', message: { subject_line: 'Tomorrow', template_id: template.id } },
      links: { next: null },
    },
  ];
  const flow = await post('/api/flows', {
    data: {
      type: 'flow',
      attributes: {
        name: 'Reminder',
        definition: { triggers: [{ type: 'segment', id: segment.id }], entry_action_id: 'a', actions },
      },
    },
  });
  const live = { data: { type: 'flow', id: flow.id, attributes: { status: 'live' } } };
  expect((await stage.send('PATCH', `/api/flows/${flow.id}`, { body: live })).status).toBe(200);
  await stage.advance('1m');

  const told = JSON.parse((await stage.send('GET', '/x/local/clock')).text) as { now: string };
  const now = Date.parse(told.now);
  const at = Math.floor((now + 3 * day) / second) * second;
  const person = { email: 'ana@soon.example' };
  await post('/api/profile-subscription-bulk-create-jobs', subscription(person.email));
  await post('/api/events', eventOf(person, { time: new Date(at).toISOString(), unique_id: 'appointment' }));
  const members = async () => {
    const { text } = await stage.send('GET', `/api/segments/${segment.id}/profiles`);
    return (JSON.parse(text) as { data: { attributes: { email: string } }[] }).data.map((one) => one.attributes.email);
  };
  await stage.settle();
  expect(await members()).toEqual([]);
  await stage.advance('47h');
  expect(await members()).toEqual([]);
  await stage.advance('1h');
  expect(await members()).toEqual([person.email]);
  await stage.advance('23h');
  expect(await members()).toEqual([person.email]);
  await stage.advance('1h');
  await stage.advance('2s');
  expect(await members()).toEqual([]);
  expect((await messagesOfFlow(stage, flow.id)).map(({ status }) => status)).toEqual(['SENT']);
});
