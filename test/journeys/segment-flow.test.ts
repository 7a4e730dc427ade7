// A flow that a segment lets people into: by what they do, once; not by edits of the segment, nor by becoming one with somebody else.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { conditionsOf, segmentOf, templateOf } from '../api/specimens.ts';
import { type Stage, messagesOfFlow, openStage } from '../api/stage.ts';
import { subscription } from '../support/shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ still: true });
});
afterAll(() => stage.close());

async function post(path: string, body: object) {
  const answer = await stage.send('POST', path, { body });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.one;
}

const planIs = (...value: string[]) =>
  conditionsOf({
    type: 'profile-property',
    property: "properties['plan']",
    filter: { type: 'string', operator: 'in', value },
  });

/** A segment that is built, and its live flow, which lets people in as often as they come. */
async function reminded(name: string, ...plans: string[]) {
  const segment = await post('/api/segments', segmentOf(name, planIs(...plans)));
  const template = await post('/api/templates', templateOf({ name, html: `<p>${name}</p>` }));
  const message = { subject_line: name, template_id: template.id };
  const actions = [{ temporary_id: 'a', type: 'send-email', data: { status: 'live', message }, links: { next: null } }];
  const definition = {
    triggers: [{ type: 'segment', id: segment.id }],
    entry_action_id: 'a',
    actions,
    reentry_criteria: { unit: 'alltime', duration: 0 },
  };
  const flow = await post('/api/flows', { data: { type: 'flow', attributes: { name, definition } } });
  const live = { data: { type: 'flow', id: flow.id, attributes: { status: 'live' } } };
  expect((await stage.send('PATCH', `/api/flows/${flow.id}`, { body: live })).status).toBe(200);
  await stage.advance('1m');
  const sent = async () => (await messagesOfFlow(stage, flow.id)).length;
  const members = async () => {
    const { many } = await stage.send('GET', `/api/segments/${segment.id}/profiles?sort=joined_group_at`);
    return many.map(({ attributes }) => [attributes['email'], attributes['joined_group_at']] as const);
  };
  return { id: segment.id, sent, members };
}

async function person(email: string, plan?: string): Promise<string> {
  await post('/api/profile-subscription-bulk-create-jobs', subscription(email));
  const attributes = { email, ...(plan !== undefined && { properties: { plan } }) };
  const { id } = await post('/api/profile-import', { data: { type: 'profile', attributes } });
  await stage.settle();
  return id;
}

it('whoever becomes part of somebody else leaves them their place: nobody comes in anew', async () => {
  const { sent, members } = await reminded('Gold', 'gold');
  const [first, second] = [await person('first@merge.example', 'gold'), await person('second@merge.example')];
  expect(await sent()).toBe(1);
  const before = await members();
  expect(before).toHaveLength(1);
  await stage.advance('30d');
  const profiles = { data: [{ type: 'profile', id: first }] };
  await post('/api/profile-merge', { data: { type: 'profile-merge', id: second, relationships: { profiles } } });
  await stage.advance('1m');
  expect(await members()).toEqual([['second@merge.example', before[0]?.[1]]]);
  expect(await sent()).toBe(1);
});

it('an edit brings in whom it finds without a message, and whoever comes in while it is built gets one', async () => {
  const { id, sent, members } = await reminded('Some plan', 'silver');
  await person('there@edit.example', 'bronze');
  const [late, other] = ['late@edit.example', 'other@edit.example'];
  await person(late);
  await person(other, 'bronze');
  await stage.advance('1m');
  const body = { data: { type: 'segment', id, attributes: { definition: planIs('silver', 'bronze') } } };
  expect((await stage.send('PATCH', `/api/segments/${id}`, { body })).status).toBe(200);
  await stage.advance('1s');
  await person(late, 'bronze');
  // Of somebody else something changes that the segment does not mention.
  const name = { type: 'profile', attributes: { email: other, first_name: 'O' } };
  await post('/api/profile-import', { data: name });
  await stage.settle();
  expect((await members()).map(([email]) => email)).toEqual([late]);
  await stage.advance('1m');
  expect((await members()).map(([email]) => email).toSorted()).toEqual([late, other, 'there@edit.example']);
  expect(await sent()).toBe(1);
});
