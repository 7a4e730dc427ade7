import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { expectRefused } from './refusals.ts';
import { type Things, furnish } from './specimens.ts';
import { type Answer, type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
let things: Things;
beforeAll(async () => {
  stage = await openStage({ still: true });
  things = await furnish(stage, 'Bean01', stage.key);
});
afterAll(() => stage.close());

const makeGroup = async (name: string, exclusive = false) =>
  (await stage.sdk.tags.createTagGroup({ data: { type: 'tag-group', attributes: { name, exclusive } } })).body.data.id;
const makeTag = async (name: string, group?: string) =>
  (
    await stage.sdk.tags.createTag({
      data: {
        type: 'tag',
        attributes: { name },
        ...(group !== undefined && { relationships: { tagGroup: { data: { type: 'tag-group', id: group } } } }),
      },
    })
  ).body.data.id;
const namesOf = ({ many }: Pick<Answer, 'many'>) => many.map(({ attributes }) => attributes['name']);
const list = async (name: string) =>
  (await stage.sdk.lists.createList({ data: { type: 'list', attributes: { name } } })).body.data.id;

describe('tag groups', () => {
  it('begin with a default one, which can be renamed and not removed', async () => {
    const { tags } = stage.sdk;
    const find = async () =>
      (await tags.getTagGroups({ filter: new FilterBuilder().equals('default', true).build() })).body.data;
    const [group] = await find();
    expect(group?.attributes).toMatchObject({ _default: true, exclusive: false });
    const id = group?.id ?? '';
    expect((await refusalOf(tags.deleteTagGroup(id))).status).toBe(400);
    await tags.updateTagGroup(id, { data: { type: 'tag-group', id, attributes: { name: 'General' } } });
    expect(await find()).toMatchObject([{ id, attributes: { name: 'General' } }]);
    expect(await find()).toHaveLength(1);
    const tag = await makeTag('In the default one');
    expect((await tags.getTagGroupForTag(tag)).body.data).toMatchObject({ id });
    expect((await tags.getTagGroupIdForTag(tag)).body.data).toMatchObject({ id });
  });

  it('hold their tags, and take them along when they go', async () => {
    const { tags } = stage.sdk;
    const group = await makeGroup('Passing');
    const [one, two] = [await makeTag('b', group), await makeTag('a', group)];
    expect((await tags.getTagGroup(group)).body.data?.attributes).toMatchObject({ name: 'Passing', _default: false });
    const inGroup = (await tags.getTagsForTagGroup(group)).body.data;
    expect(inGroup.map(({ attributes }) => attributes.name)).toEqual(['a', 'b']);
    expect((await tags.getTagIdsForTagGroup(group)).body.data.map(({ id }) => id)).toEqual([two, one]);
    await tags.tagLists(one, { data: [{ type: 'list', id: things.list }] });
    await tags.deleteTagGroup(group);
    for (const id of [one, two]) expect((await refusalOf(tags.getTag(id))).status).toBe(404);
    expect((await stage.sdk.lists.getTagsForList(things.list)).body.data).toEqual([]);
  });

  it('have names of their own', async () => {
    await makeGroup('Taken');
    const body = { data: { type: 'tag-group', attributes: { name: 'Taken' } } };
    await expectRefused(stage, () => stage.send('POST', '/api/tag-groups', { body }), 409);
  });
});

describe('tags', () => {
  it('are made, found, renamed and removed', async () => {
    const { tags } = stage.sdk;
    const id = await makeTag('Summer sale');
    const found = await tags.getTags({
      filter: new FilterBuilder().startsWith('name', 'Summer').build(),
      include: ['tag-group'],
      sort: '-name',
    });
    expect(found.body.data.map((one) => one.id)).toEqual([id]);
    expect(found.body.included).toHaveLength(1);
    await tags.updateTag(id, { data: { type: 'tag', id, attributes: { name: 'Autumn sale' } } });
    const read = await tags.getTag(id, { include: ['tag-group'] });
    expect(read.body.data.attributes.name).toBe('Autumn sale');
    expect(read.body.data.relationships?.tagGroup?.data?.id).toBe(read.body.included?.[0]?.id);
    const same = { data: { type: 'tag', attributes: { name: 'Autumn sale' } } };
    await expectRefused(stage, () => stage.send('POST', '/api/tags', { body: same }), 409);
    await tags.deleteTag(id);
    expect((await refusalOf(tags.getTag(id))).status).toBe(404);
  });

  it('of a group that is not there are refused', async () => {
    const body = {
      data: {
        type: 'tag',
        attributes: { name: 'Lost' },
        relationships: { 'tag-group': { data: { type: 'tag-group', id: 'none' } } },
      },
    };
    const { errors } = await expectRefused(stage, () => stage.send('POST', '/api/tags', { body }), 404);
    expect(errors[0]?.source.pointer).toBe('/data/relationships/tag-group/data/id');
  });

  it('are on lists, segments and flows, and are seen from both ends', async () => {
    const { tags, lists, segments, flows } = stage.sdk;
    const tag = await makeTag('Everywhere');
    await tags.tagLists(tag, { data: [{ type: 'list', id: things.list }] });
    await tags.tagSegments(tag, { data: [{ type: 'segment', id: things.segment }] });
    await tags.tagFlows(tag, { data: [{ type: 'flow', id: things.flow }] });
    // Twice is once.
    await tags.tagFlows(tag, { data: [{ type: 'flow', id: things.flow }] });
    const ends = [
      [(await tags.getListIdsForTag(tag)).body.data, things.list],
      [(await tags.getSegmentIdsForTag(tag)).body.data, things.segment],
      [(await tags.getFlowIdsForTag(tag)).body.data, things.flow],
    ] as const;
    for (const [data, id] of ends) expect(data.map((one) => one.id)).toEqual([id]);
    expect((await lists.getTagsForList(things.list)).body.data).toMatchObject([{ id: tag }]);
    expect((await lists.getTagIdsForList(things.list)).body.data).toMatchObject([{ id: tag }]);
    expect((await segments.getTagsForSegment(things.segment)).body.data).toMatchObject([{ id: tag }]);
    expect((await segments.getTagIdsForSegment(things.segment)).body.data).toMatchObject([{ id: tag }]);
    expect((await flows.getTagsForFlow(things.flow)).body.data).toMatchObject([{ id: tag }]);
    expect((await flows.getTagIdsForFlow(things.flow)).body.data).toMatchObject([{ id: tag }]);
    for (const path of [`lists/${things.list}`, `segments/${things.segment}`, `flows/${things.flow}`]) {
      const one = await stage.send('GET', `/api/${path}?include=tags`);
      expect(one.one.relationships['tags']?.data).toEqual([{ type: 'tag', id: tag }]);
      expect(namesOf({ many: one.included })).toEqual(['Everywhere']);
      const all = await stage.send('GET', `/api/${path.split('/')[0]}?include=tags`);
      expect(namesOf({ many: all.included })).toEqual(['Everywhere']);
    }
    await tags.removeTagFromLists(tag, { data: [{ type: 'list', id: things.list }] });
    await tags.removeTagFromSegments(tag, { data: [{ type: 'segment', id: things.segment }] });
    await tags.removeTagFromFlows(tag, { data: [{ type: 'flow', id: things.flow }] });
    expect((await flows.getTagsForFlow(things.flow)).body.data).toEqual([]);
    expect((await tags.getListIdsForTag(tag)).body.data).toEqual([]);
    expect((await tags.getSegmentIdsForTag(tag)).body.data).toEqual([]);
  });

  it('of an exclusive group are one to each, however many ask at once', async () => {
    const group = await makeGroup('Region', true);
    const [north, south] = [await makeTag('North', group), await makeTag('South', group)];
    const id = await list('Somewhere');
    const give = (tag: string) =>
      stage.send('POST', `/api/tags/${tag}/relationships/lists`, { body: { data: [{ type: 'list', id }] } });
    const answers = await Promise.all([north, south].map(give));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 400]);
    const refused = answers.find(({ status }) => status === 400);
    expect(refused?.errors[0]).toMatchObject({ source: { pointer: '/data/0/id' } });
    expect((await stage.send('GET', `/api/lists/${id}/tags`)).many).toHaveLength(1);
  });

  it('go to all that are named or to none', async () => {
    const tag = await makeTag('All or none');
    const ids = [things.list, 'nowhere'];
    const body = { data: ids.map((id) => ({ type: 'list', id })) };
    const ask = () => stage.send('POST', `/api/tags/${tag}/relationships/lists`, { body });
    const { errors } = await expectRefused(stage, ask, 404);
    expect(errors[0]?.source.pointer).toBe('/data/1/id');
    // Taking off is forgiving: nothing has a tag that is not there.
    expect((await stage.send('DELETE', `/api/tags/${tag}/relationships/lists`, { body })).status).toBe(204);
  });

  it('go with what had them', async () => {
    const tag = await makeTag('Mourning');
    const id = await list('Short-lived');
    await stage.sdk.tags.tagLists(tag, { data: [{ type: 'list', id }] });
    await stage.sdk.lists.deleteList(id);
    await stage.settle();
    expect((await stage.sdk.tags.getListIdsForTag(tag)).body.data).toEqual([]);
  });
});

it('every operation of the area was exercised', async () => {
  const { tags } = stage.sdk;
  const { one } = await stage.send('POST', '/api/tags', { body: { data: { type: 'tag', attributes: { name: 'x' } } } });
  await tags.getCampaignIdsForTag(one.id);
  await tags.tagCampaigns(one.id, { data: [] });
  await tags.removeTagFromCampaigns(one.id, { data: [] });
  expectExercised(stage, 'tags');
});
