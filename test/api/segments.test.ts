import { FilterBuilder } from 'klaviyo-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectExercised } from './areas.ts';
import { conditionsOf, orderedOnce, segmentOf } from './specimens.ts';
import { type Stage, openStage, refusalOf } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const makeProfile = async (email: string, visits: number) =>
  (await stage.sdk.profiles.createProfile({ data: { type: 'profile', attributes: { email, properties: { visits } } } }))
    .body.data.id ?? '';

/** A definition as the SDK spells it: who has visited more than `value` times. */
const visitedMoreThan = (value: number) => ({
  conditionGroups: [
    {
      conditions: [
        {
          type: 'profile-property' as const,
          property: "properties['visits']",
          filter: { type: 'numeric' as const, operator: 'greater-than' as const, value },
        },
      ],
    },
  ],
});

const make = async (name: string, value: number) => {
  const made = await stage.sdk.segments.createSegment({
    data: { type: 'segment', attributes: { name, definition: visitedMoreThan(value) } },
  });
  expect(made.response.status).toBe(201);
  return made.body.data.id;
};

/** A flow that only waits. */
async function makeFlow(name: string, segment: string): Promise<string> {
  const wait = { temporary_id: 'wait', type: 'time-delay', links: { next: null }, data: { unit: 'hours', value: 1 } };
  const definition = { triggers: [{ type: 'segment', id: segment }], entry_action_id: 'wait', actions: [wait] };
  const body = { data: { type: 'flow', attributes: { name, definition } } };
  const { one, status, text } = await stage.send('POST', '/api/flows', { body });
  expect(status, text).toBe(201);
  return one.id;
}

describe('a segment', () => {
  it('is made, changed, stopped and removed', async () => {
    const { segments } = stage.sdk;
    const id = await make('Regulars', 3);
    const changed = await segments.updateSegment(id, {
      data: { type: 'segment', id, attributes: { name: 'Best', isStarred: true, definition: visitedMoreThan(10) } },
    });
    expect(changed.body.data.attributes).toMatchObject({
      name: 'Best',
      isStarred: true,
      definition: visitedMoreThan(10),
    });
    const stopped = await segments.updateSegment(id, {
      data: { type: 'segment', id, attributes: { isActive: false } },
    });
    expect(stopped.body.data.attributes).toMatchObject({ isActive: false });
    const read = await segments.getSegment(id, {
      additionalFieldsSegment: ['profile_count'],
      fieldsSegment: ['name', 'profile_count'],
    });
    expect(JSON.parse(JSON.stringify(read.body.data.attributes))).toEqual({ name: 'Best', profileCount: 0 });
    expect((await segments.deleteSegment(id)).response.status).toBe(204);
    expect(await refusalOf(segments.getSegment(id))).toMatchObject({ status: 404 });
  });

  it('fills with whom it describes, and empties of whom it does not', async () => {
    const { segments, profiles } = stage.sdk;
    const early = [await makeProfile('one@seg.example', 5), await makeProfile('two@seg.example', 50)];
    const id = await make('Visitors', 4);
    await stage.advance('1m');
    const late = await makeProfile('three@seg.example', 7);
    await stage.advance('1m');
    const members = await segments.getProfilesForSegment(id, {
      pageSize: 2,
      fieldsProfile: ['email', 'joined_group_at'],
    });
    const rest = await segments.getProfilesForSegment(id, { pageSize: 2, pageCursor: members.body.links?.next ?? '' });
    expect([...members.body.data, ...rest.body.data].map((one) => one.id).toSorted()).toEqual(
      [...early, late].toSorted(),
    );
    expect(rest.body.data[0]?.attributes).toMatchObject({ email: 'three@seg.example' });
    expect(rest.body.links?.next).toBeNull();
    const filter = new FilterBuilder().any('profile_id', [late, 'nobody']).build();
    expect((await segments.getProfileIdsForSegment(id, { filter })).body.data.map((one) => one.id)).toEqual([late]);
    expect(
      (await profiles.getSegmentsForProfile(late, { fieldsSegment: ['name'] })).body.data.map((one) => one.id),
    ).toEqual([id]);
    expect((await profiles.getSegmentIdsForProfile(late)).body.data.map((one) => one.id)).toEqual([id]);
    expect((await profiles.getProfile(late, { include: ['segments'] })).body.included?.map((one) => one.id)).toEqual([
      id,
    ]);

    await profiles.updateProfile(late, {
      data: { type: 'profile', id: late, attributes: { properties: { visits: 0 } } },
    });
    await stage.advance('1m');
    expect((await segments.getProfileIdsForSegment(id)).body.data).toHaveLength(2);
    await segments.deleteSegment(id);
    expect((await profiles.getSegmentIdsForProfile(early[0] ?? '')).body.data).toEqual([]);
    expect((await profiles.getSegmentsForProfile(early[0] ?? '')).body.data).toEqual([]);
  });

  it('is found among others', async () => {
    const { segments } = stage.sdk;
    for (const name of ['Sa', 'Sb', 'Sc']) await make(name, 1000);
    const filter = new FilterBuilder()
      .any('name', ['Sa', 'Sc'])
      .equals('is_active', true)
      .equals('is_starred', false)
      .build();
    const found = await segments.getSegments({ filter, sort: '-name', pageSize: 1, fieldsSegment: ['name'] });
    const next = await segments.getSegments({
      filter,
      sort: '-name',
      pageSize: 1,
      fieldsSegment: ['name'],
      pageCursor: found.body.links?.next ?? '',
    });
    expect([...found.body.data, ...next.body.data].map(({ attributes }) => attributes.name)).toEqual(['Sc', 'Sa']);
  });

  it('leads to the flows that it triggers, drafts and live ones, and to no other’s', async () => {
    const { segments, flows } = stage.sdk;
    // Those of the test before are built by then: at most five may be at a time.
    await stage.advance('1m');
    const [busy, other, idle] = [await make('Busy', 1000), await make('Other', 1000), await make('Idle', 1000)];
    const [draft, live] = [await makeFlow('Draft', busy), await makeFlow('Live', busy)];
    const elsewhere = await makeFlow('Elsewhere', other);
    const status = { data: { type: 'flow' as const, id: live, attributes: { status: 'live' } } };
    expect((await flows.updateFlow(live, status)).body.data.attributes).toMatchObject({ status: 'live' });
    const expected = new Map([[busy, [draft, live].toSorted()] as const, [other, [elsewhere]], [idle, []]]);
    for (const [id, triggered] of expected) {
      const [shown, ids, one] = await Promise.all([
        segments.getFlowsTriggeredBySegment(id, { fieldsFlow: ['name', 'status'] }),
        segments.getIdsForFlowsTriggeredBySegment(id),
        segments.getSegment(id, { include: ['flow-triggers'], fieldsFlow: ['name'] }),
      ]);
      expect(shown.body.data.map((found) => found.id).toSorted()).toEqual(triggered);
      expect(ids.body.data.map((found) => found.id).toSorted()).toEqual(triggered);
      expect((one.body.included ?? []).map((found) => found.id).toSorted()).toEqual(triggered);
      const related = one.body.data.relationships?.flowTriggers?.data ?? [];
      expect(related.map((found) => found.id).toSorted()).toEqual(triggered);
    }
    const { body } = await segments.getFlowsTriggeredBySegment(busy);
    const told = body.data.map(({ attributes }) => `${attributes.name} ${attributes.status}`);
    expect(told.toSorted()).toEqual(['Draft draft', 'Live live']);
    const filter = new FilterBuilder().any('name', ['Busy', 'Idle']).build();
    const listed = await segments.getSegments({ filter, include: ['flow-triggers'] });
    expect(listed.body.included?.map((found) => found.id).toSorted()).toEqual([draft, live].toSorted());
    await flows.deleteFlow(draft);
    expect((await segments.getIdsForFlowsTriggeredBySegment(busy)).body.data.map((found) => found.id)).toEqual([live]);
  });

  it('that cannot be evaluated is refused with the place of each objection', async () => {
    const post = (...conditions: object[]) =>
      stage.send('POST', '/api/segments', { body: segmentOf('Bad', conditionsOf(...conditions)) });
    const exists = { type: 'existence', operator: 'is-set' };
    const metric = { type: 'profile-metric', metric_id: 'nothing', measurement: 'count' };
    const counted = {
      measurement_filter: { type: 'numeric', operator: 'equals', value: 1 },
      timeframe_filter: { type: 'date', operator: 'alltime' },
    };
    const at = '/data/attributes/definition/condition_groups/0/conditions';
    const { status, errors } = await post(
      { type: 'profile-property', property: 'constructor', filter: exists },
      {
        type: 'profile-postal-code-distance',
        country_code: 'GRC',
        postal_code: '10431',
        unit: 'miles',
        filter: { type: 'numeric', operator: 'less-than', value: 5 },
      },
    );
    expect(status).toBe(400);
    expect(errors.map(({ source }) => source.pointer)).toEqual([`${at}/0/property`, `${at}/1/country_code`]);
    expect((await post({ ...metric, ...counted })).errors[0]?.source.pointer).toBe(`${at}/0/metric_id`);
    expect((await post()).errors[0]?.source.pointer).toBe(at);
    const many = Array.from({ length: 101 }, () => ({ type: 'profile-property', property: 'email', filter: exists }));
    expect((await post(...many)).status).toBe(400);
    expect((await post({ type: 'script', filter: exists })).errors[0]?.source.pointer).toBe(`${at}/0/type`);
  });
});

describe('what only Millrace tells of segments', () => {
  const at = '/data/attributes/definition/condition_groups/0/conditions/0';

  it('is why somebody is in one, condition by condition, and when that flips', async () => {
    const person = await makeProfile('why@seg.example', 30);
    await stage.send('POST', '/api/events', {
      body: {
        data: {
          type: 'event',
          attributes: {
            properties: {},
            metric: { data: { type: 'metric', attributes: { name: 'Asked Why' } } },
            profile: { data: { type: 'profile', attributes: { email: 'why@seg.example' } } },
          },
        },
      },
    });
    const metric = (await stage.send('GET', '/api/metrics')).many.find((one) => one.attributes['name'] === 'Asked Why');
    const visited = {
      type: 'profile-property',
      property: "properties['visits']",
      filter: { type: 'numeric', operator: 'greater-than', value: 20 },
    };
    const definition = {
      condition_groups: [{ conditions: [visited] }, { conditions: [orderedOnce(metric?.id ?? '')] }],
    };
    const made = await stage.send('POST', '/api/segments', { body: segmentOf('Why', definition) });
    await stage.advance('1m');
    const { one, status } = await stage.send('GET', `/x/segments/${made.one.id}/explain?profile=${person}`);
    expect(status).toBe(200);
    expect(one.attributes).toMatchObject({ holds: true, is_member: true });
    const flips = one.attributes['flips_at'];
    expect(one.attributes['condition_groups']).toMatchObject([
      { holds: true, flips_at: null, conditions: [{ holds: true, condition: visited, facts: { value: 30 } }] },
      { holds: true, flips_at: flips, conditions: [{ holds: true, facts: { measured: 1, at_least: true } }] },
    ]);
    await stage.advance('31d');
    const later = await stage.send('GET', `/x/segments/${made.one.id}/explain?profile=${person}`);
    expect(later.one.attributes).toMatchObject({ holds: false, is_member: false, flips_at: null });
    expect((await stage.send('GET', `/x/segments/${made.one.id}/explain?profile=nobody`)).status).toBe(404);
    const without = await stage.send('GET', `/x/segments/${made.one.id}/explain`);
    expect(without.errors[0]?.source.parameter).toBe('profile');
  });

  it('is how many a definition would have, and who', async () => {
    const people = [await makeProfile('pre1@seg.example', 900), await makeProfile('pre2@seg.example', 901)];
    await stage.advance('1m');
    const filter = { type: 'numeric', operator: 'greater-than-or-equal', value: 900 };
    const asked = (property: string) => ({
      data: {
        type: 'segment-preview',
        attributes: { definition: conditionsOf({ type: 'profile-property', property, filter }) },
      },
    });
    const { one, status } = await stage.send('POST', '/x/segments/preview', { body: asked("properties['visits']") });
    expect(status).toBe(200);
    expect(one.attributes).toMatchObject({ matching: 2, estimate: 2, complete: true });
    expect([...(one.attributes['sample'] as string[])].toSorted()).toEqual(people.toSorted());
    const refused = await stage.send('POST', '/x/segments/preview', { body: asked('visits') });
    expect(refused.errors[0]?.source.pointer).toBe(`${at}/property`);
  });

  it('is how far a build is', async () => {
    const id = await make('Slow', 2);
    const begun = await stage.send('GET', `/x/segments/${id}/progress`);
    expect(begun.one.attributes).toMatchObject({ is_processing: true, finished: null });
    await stage.advance('1m');
    const { one } = await stage.send('GET', `/x/segments/${id}/progress`);
    expect(one.attributes).toMatchObject({ is_processing: false, progress: 1, estimated_finish: null });
    expect(one.attributes['profiles_looked_at']).toBeGreaterThan(0);
    expect((await stage.send('GET', '/x/segments/nothing/progress')).status).toBe(404);
  });
});

it('every operation of the area was exercised', () => expectExercised(stage, 'segments'));
