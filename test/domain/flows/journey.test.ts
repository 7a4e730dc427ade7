import type { FieldTest } from '../../../shared/domain/flows/trigger-filter.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { removeFlow, setStatus } from '../../../shared/domain/flows/flow.ts';
import type { Filter } from '../../../shared/domain/flows/filter.ts';
import { day, hour, minute, second, sortable } from '../../../shared/kernel/time.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { definition, delay, email, split } from './building.ts';
import { account, openShop } from './world.ts';

const ana = 'ana@shop.test-mail.org';
const welcome = definition([
  delay('wait', 'first'),
  email('first', 'pause'),
  delay('pause', 'last'),
  email('last', null),
]);

const named = (value: string): Filter => ({
  condition_groups: [
    {
      conditions: [
        { type: 'profile-property', property: 'first_name', filter: { type: 'string', operator: 'equals', value } },
      ],
    },
  ],
});

describe('a person in a flow', () => {
  test('waits, is written to, waits again, is written to again, and is through', async () => {
    const shop = await openShop();
    await shop.flow(welcome);
    await shop.order(ana);
    const start = shop.clock.now();
    await shop.pass(hour - second);
    expect(shop.emails()).toEqual([]);
    await shop.pass(second);
    expect(shop.emails()).toMatchObject([{ action: 'first', status: 'QUEUED', created: sortable(start + hour) }]);
    await shop.pass(day);
    expect(shop.emails()).toMatchObject([{ action: 'first' }, { action: 'last', created: sortable(start + 2 * hour) }]);
    expect(shop.enrolments()).toMatchObject([{ status: 'finished' }]);
    expect(shop.enrolments()[0]).not.toHaveProperty('step');
  });

  test('can wait for less than what is left of the minute', async () => {
    const shop = await openShop();
    shop.clock.advance(10 * second);
    await shop.flow(definition([delay('blink', 'now', { unit: 'minutes', value: 0 }), email('now', null)]));
    await shop.flow(definition([delay('wait', 'soon', { unit: 'minutes', value: 1 }), email('soon', null)]));
    await shop.order(ana);
    await shop.pass(minute);
    expect(shop.emails().map(({ action }) => action)).toEqual(['now', 'soon']);
  });

  test('takes the branch that the facts choose when the split is reached', async () => {
    const shop = await openShop();
    await shop.flow(
      definition([
        delay('wait', 'fork'),
        split('fork', 'yes', 'no', named('Ana')),
        email('yes', null),
        email('no', null),
      ]),
    );
    const { profile } = await shop.order(ana);
    await shop.pass(30 * minute);
    await shop.store.write({ update: profileKey(account, profile), set: { attributes: '{"first_name":"Ana"}' } });
    await shop.pass(hour);
    expect(shop.emails().map(({ action }) => action)).toEqual(['yes']);
  });

  test('who no longer passes the profile filter is passed over, and walks on', async () => {
    const shop = await openShop();
    const { profile } = await shop.order('someone@shop.test-mail.org');
    await shop.settle();
    await shop.store.write({ update: profileKey(account, profile), set: { attributes: '{"first_name":"Ana"}' } });
    await shop.flow({ ...welcome, profile_filter: named('Ana') });
    shop.tick();
    await shop.order('someone@shop.test-mail.org');
    await shop.settle();
    await shop.store.write({ update: profileKey(account, profile), set: { attributes: '{}' } });
    await shop.pass(90 * minute);
    expect(shop.emails()).toMatchObject([{ action: 'first', status: 'SKIPPED', reason: 'Fails Flow Filters' }]);
    await shop.store.write({ update: profileKey(account, profile), set: { attributes: '{"first_name":"Ana"}' } });
    await shop.pass(day);
    expect(shop.emails()).toMatchObject([{ status: 'SKIPPED' }, { action: 'last', status: 'QUEUED' }]);
  });

  test('is kept for review where an email is manual', async () => {
    const shop = await openShop();
    await shop.flow(welcome, 'manual');
    await shop.order(ana);
    await shop.pass(day);
    expect(shop.emails()).toMatchObject([{ reason: 'Needs review' }, { reason: 'Needs review' }]);
  });

  test('walks on past what has become a draft, and is through', async () => {
    const shop = await openShop();
    const { id } = await shop.flow(welcome);
    await shop.order(ana);
    await shop.pass(90 * minute);
    await setStatus(shop.ports, account, id, 'draft');
    await shop.pass(day);
    expect(shop.emails().map(({ action }) => action)).toEqual(['first']);
    expect(shop.enrolments()).toMatchObject([{ status: 'finished' }]);
  });

  test('leaves a flow that is removed', async () => {
    const shop = await openShop();
    const { id } = await shop.flow(welcome);
    await shop.order(ana);
    await shop.pass(90 * minute);
    await removeFlow(shop.ports, account, id);
    await shop.pass(day);
    expect(shop.emails()).toHaveLength(1);
    expect(shop.enrolments()).toMatchObject([{ status: 'exited', reason: 'Flow Deleted' }]);
  });

  test('who is gone leaves the flow and gets nothing', async () => {
    const shop = await openShop();
    await shop.flow(welcome);
    const { profile } = await shop.order(ana);
    await shop.pass(90 * minute);
    await shop.store.write({ remove: profileKey(account, profile) });
    await shop.pass(day);
    expect(shop.emails()).toHaveLength(1);
    expect(shop.enrolments()).toMatchObject([{ status: 'exited', reason: 'Person Deleted' }]);
  });
});

describe('an event lets nobody into a flow', () => {
  const enrolled = async (
    shop: Awaited<ReturnType<typeof openShop>>,
    event: Parameters<typeof shop.order>[1] = {},
  ): Promise<number> => {
    await shop.order(ana, event);
    await shop.settle();
    return shop.enrolments().length;
  };

  test('that is a draft, or in which nothing would happen', async () => {
    const shop = await openShop();
    await shop.flow(welcome, 'draft');
    await shop.flow(definition([delay('wait', null)]));
    expect(await enrolled(shop)).toBe(0);
  });

  test('when it is of the past', async () => {
    const shop = await openShop();
    await shop.flow(welcome);
    expect(await enrolled(shop, { backfill: true })).toBe(0);
  });

  test('when it was recorded more than four hours late, or more than the first delay where that is longer', async () => {
    const shop = await openShop();
    await shop.flow(welcome);
    const now = shop.clock.now();
    expect(await enrolled(shop, { time: now - 4 * hour - second })).toBe(0);
    expect(await enrolled(shop, { time: now - 4 * hour })).toBe(1);
    const patient = await openShop();
    await patient.flow(definition([delay('wait', 'a', { unit: 'days', value: 2 }), email('a', null)]));
    expect(await enrolled(patient, { time: now - 2 * day - second })).toBe(0);
    expect(await enrolled(patient, { time: now - 2 * day })).toBe(1);
  });

  const filtered = (field: string, filter: FieldTest['filter']): typeof welcome => ({
    ...welcome,
    triggers: [
      {
        type: 'metric' as const,
        id: '',
        trigger_filter: {
          condition_groups: [{ conditions: [{ type: 'metric-property' as const, metric_id: '', field, filter }] }],
        },
      },
    ],
  });

  test('when its properties do not pass the trigger filter', async () => {
    const shop = await openShop();
    await shop.flow(filtered('total', { type: 'numeric', operator: 'greater-than', value: 50 }));
    expect(await enrolled(shop, { properties: { total: 20 }, unique_id: 'small' })).toBe(0);
    expect(await enrolled(shop, { properties: {}, unique_id: 'none' })).toBe(0);
    expect(await enrolled(shop, { properties: { total: 60 }, unique_id: 'big' })).toBe(1);
  });

  test('when its properties do not match a pattern', async () => {
    const shop = await openShop();
    await shop.flow(filtered('code', { type: 'string', operator: 'regex', value: '^A[0-9]+$' }));
    expect(await enrolled(shop, { properties: { code: 'B12' }, unique_id: 'other' })).toBe(0);
    expect(await enrolled(shop, { properties: { code: 'A12' }, unique_id: 'such' })).toBe(1);
  });

  test('whose profile filter its profile does not pass', async () => {
    const shop = await openShop();
    await shop.flow({ ...welcome, profile_filter: named('Ana') });
    expect(await enrolled(shop)).toBe(0);
  });
});

describe('coming in again', () => {
  const visits = async (reentry: Parameters<typeof definition>[1] & object, gaps: readonly number[]) => {
    const shop = await openShop();
    await shop.flow({ ...welcome, ...reentry });
    for (const gap of gaps) {
      shop.clock.advance(gap);
      await shop.order(ana);
      await shop.settle();
    }
    return shop.enrolments().length;
  };

  test('is allowed with every event unless the flow says otherwise', async () => {
    expect(await visits({}, [second, second, second])).toBe(3);
  });

  test('can be ruled out for all time', async () => {
    expect(await visits({ reentry_criteria: { unit: 'alltime', duration: 1 } }, [second, day, 900 * day])).toBe(1);
  });

  test('can be allowed after a gap', async () => {
    const daily = { reentry_criteria: { unit: 'day', duration: 1 } } as const;
    expect(await visits(daily, [second, day - second, second, day])).toBe(3);
  });

  test('is counted from the last entry, whatever order the events are worked off in', async () => {
    const shop = await openShop(() => ({ times: 2, reversed: true }));
    await shop.flow({ ...welcome, reentry_criteria: { unit: 'alltime', duration: 1 } });
    for (let i = 0; i < 5; i += 1) {
      shop.tick();
      await shop.order(ana);
    }
    await shop.settle();
    expect(shop.enrolments()).toHaveLength(1);
  });
});

test('a condition can count what happened since the start of the flow', async () => {
  const shop = await openShop();
  const orderedAgain: Filter = {
    condition_groups: [
      {
        conditions: [
          {
            type: 'profile-metric',
            metric_id: shop.metric,
            measurement: 'count',
            measurement_filter: { type: 'numeric', operator: 'greater-than', value: 0 },
            timeframe_filter: { type: 'date', operator: 'flow-start' },
          },
        ],
      },
    ],
  };
  await shop.flow(
    definition(
      [
        delay('wait', 'fork'),
        split('fork', 'thanks', 'remind', orderedAgain),
        email('thanks', null),
        email('remind', null),
      ],
      { reentry_criteria: { unit: 'alltime', duration: 1 } },
    ),
  );
  await shop.order(ana);
  await shop.order('ben@shop.test-mail.org');
  await shop.pass(minute);
  await shop.order(ana);
  await shop.pass(hour);
  expect(
    shop
      .emails()
      .map(({ action }) => action)
      .sort(),
  ).toEqual(['remind', 'thanks']);
});

test('whatever is delivered twice, out of order or answered into the void, every event enrols once and every step acts once', async () => {
  const moods = fc.infiniteStream(fc.record({ times: fc.integer({ min: 1, max: 3 }), reversed: fc.boolean() }));
  const losses = fc.infiniteStream(fc.nat(5));
  const gaps = fc.array(fc.integer({ min: 1, max: 3 * 3600 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(moods, losses, gaps, async (stream, lost, seconds) => {
      const loses = () => lost.next().value === 0;
      const shop = await openShop(() => stream.next().value as { times: number; reversed: boolean }, loses);
      await shop.flow(welcome);
      for (const gap of seconds) {
        await shop.order(ana);
        await shop.pass(gap * second);
      }
      await shop.pass(day);
      expect(shop.enrolments()).toHaveLength(seconds.length);
      expect(shop.enrolments().every(({ status }) => status === 'finished')).toBe(true);
      const sent = shop.emails();
      expect(sent.filter(({ action }) => action === 'first')).toHaveLength(seconds.length);
      expect(sent.filter(({ action }) => action === 'last')).toHaveLength(seconds.length);
    }),
    { numRuns: 30 },
  );
});
