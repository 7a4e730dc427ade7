// People who met the trigger before the flow let them in.
import { describe, expect, it } from 'vitest';
import { createList } from '../../../shared/domain/consent/lists.ts';
import { addToList } from '../../../shared/domain/consent/membership.ts';
import type { Definition } from '../../../shared/domain/flows/definition.ts';
import type { BackPopulation } from '../../../shared/domain/flows/back-populate.ts';
import { changeFlow, findFlow } from '../../../shared/domain/flows/flow.ts';
import { upsertProfile } from '../../../shared/domain/identity/index.ts';
import { createJob } from '../../../shared/domain/jobs/index.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import type { JobItem } from '../../../shared/storage/items.ts';
import { definition, delay, email } from './building.ts';
import { type Shop, account, openShop } from './world.ts';

const ana = 'ana@shop.example';
const bo = 'bo@shop.example';

const series = definition([
  email('first', 'wait'),
  delay('wait', 'second', { unit: 'days', value: 2 }),
  email('second', 'more'),
  delay('more', 'last', { unit: 'days', value: 2 }),
  email('last', null),
]);

async function populate(shop: Shop, flow: string, more: Partial<BackPopulation> = {}): Promise<JobItem> {
  const input: BackPopulation = { flow, days: 30, enters: 'throughout', ...more };
  const { id } = await createJob(shop.ports, account, { type: 'back-populate', total: 0, input, flow });
  await shop.pass(30_000);
  return shop.store.dump().find((item): item is JobItem => item.kind === 'job' && (item as JobItem).id === id)!;
}

const acts = (shop: Shop) => shop.emails().map(({ action }) => action);

describe('events of the last days', () => {
  it('put people in where they would be by now, and nobody who would be through', async () => {
    const shop = await openShop();
    await shop.order('old@shop.example');
    await shop.pass(3 * day);
    await shop.order(ana);
    await shop.pass(2 * day);
    await shop.order(bo);
    await shop.pass(hour);
    const { id } = await shop.flow(series);
    const job = await populate(shop, id);
    expect(job).toMatchObject({ status: 'complete', total: 3, completed: 2, skipped: 1, failed: 0 });
    const where = shop.enrolments().map(({ step }) => step);
    expect(where.toSorted()).toEqual(['more', 'wait']);
    expect(acts(shop)).toEqual([]);
    await shop.pass(2 * day);
    expect(acts(shop).toSorted()).toEqual(['last', 'second']);
    await shop.pass(10 * day);
    expect(acts(shop).toSorted()).toEqual(['last', 'last', 'second']);
  });

  it('count once for a person, the newest, and no further back than asked', async () => {
    const shop = await openShop();
    await shop.order(bo);
    await shop.pass(day);
    for (let n = 0; n < 3; n += 1) {
      await shop.order(ana, { unique_id: `${n}` });
      await shop.pass(hour);
    }
    const { id } = await shop.flow(series);
    const newest = shop.clock.now() - hour;
    expect(await populate(shop, id, { days: 1 })).toMatchObject({ completed: 1 });
    expect(shop.enrolments()).toMatchObject([{ entered: new Date(newest).toISOString() }]);
  });

  it('add nobody who is in the flow, and nobody twice however often it is asked and delivered', async () => {
    const shop = await openShop(() => ({ times: 2, reversed: true }));
    await shop.order(ana);
    await shop.pass(hour);
    const { id } = await shop.flow(series);
    await shop.order(bo);
    await shop.pass(hour);
    expect(await populate(shop, id)).toMatchObject({ completed: 1, skipped: 1 });
    expect(await populate(shop, id)).toMatchObject({ completed: 0, skipped: 2 });
    await shop.pass(10 * day);
    expect(acts(shop).toSorted()).toEqual(['first', 'last', 'last', 'second', 'second']);
  });

  it('lead who was through before to what is new, and to nothing that they had', async () => {
    const shop = await openShop();
    const { id } = await shop.flow(
      definition([email('first', 'wait'), delay('wait', 'second'), email('second', null)]),
    );
    await shop.order(ana);
    await shop.pass(day);
    expect(acts(shop)).toEqual(['first', 'second']);
    const longer = definition([
      delay('begin', 'second', { unit: 'days', value: 3 }),
      email('second', 'third'),
      email('third', null),
    ]);
    const { triggers } = (await findFlow(shop.ports, account, id))!.definition;
    await changeFlow(shop.ports, account, id, (flow) => ({ ...flow, definition: { ...longer, triggers } }));
    expect(await populate(shop, id)).toMatchObject({ completed: 1 });
    await shop.pass(4 * day);
    expect(acts(shop)).toHaveLength(3);
    expect(shop.enrolments().flatMap(({ acted = [] }) => acted)).toHaveLength(3);
  });

  it('respect the trigger filter and the profile filter', async () => {
    const shop = await openShop();
    await shop.order(ana, { properties: { n: 1 } });
    await shop.order(bo, { properties: { n: 5 } });
    await shop.pass(hour);
    const numeric = { type: 'numeric', operator: 'greater-than', value: 2 } as const;
    const condition = { type: 'metric-property', metric_id: shop.metric, field: 'n', filter: numeric } as const;
    const filter = { condition_groups: [{ conditions: [condition] }] };
    const { id } = await shop.flow({
      ...series,
      triggers: [{ type: 'metric', id: shop.metric, trigger_filter: filter }],
    });
    expect(await populate(shop, id)).toMatchObject({ completed: 1, skipped: 1 });
    const named = { type: 'profile-property', property: 'first_name' } as const;
    const isAda = { ...named, filter: { type: 'string', operator: 'equals', value: 'Ada' } } as const;
    const other = await shop.flow({ ...series, profile_filter: { condition_groups: [{ conditions: [isAda] }] } });
    expect(await populate(shop, other.id)).toMatchObject({ completed: 0, skipped: 2 });
  });

  it('are left alone where the flow is closed meanwhile', async () => {
    const shop = await openShop();
    await shop.order(ana);
    const { id } = await shop.flow(series, 'draft');
    expect(await populate(shop, id)).toMatchObject({ status: 'complete', completed: 0 });
    expect(shop.enrolments()).toEqual([]);
  });

  it('are where they were when it was asked, however late it is worked on: nobody is left out for that', async () => {
    const shop = await openShop();
    await shop.order('old@shop.example');
    await shop.pass(3 * day);
    await shop.order(ana);
    await shop.pass(2 * day + hour);
    const { id } = await shop.flow(series);
    await shop.settle();
    const input: BackPopulation = { flow: id, days: 30, enters: 'throughout' };
    await createJob(shop.ports, account, { type: 'back-populate', total: 0, input, flow: id });
    shop.clock.advance(5 * day);
    await shop.pass(hour);
    expect(acts(shop)).toEqual(['last']);
    expect(shop.enrolments()).toHaveLength(1);
  });

  it('are counted as added once, also where the answer of that was lost', async () => {
    let calls = 0;
    let lossy = false;
    const shop = await openShop(undefined, () => lossy && (calls += 1) <= 3);
    for (const one of [ana, bo, 'cy@shop.example']) {
      await shop.order(one, { unique_id: '1' });
      await shop.order(one, { unique_id: '2' });
    }
    await shop.pass(hour);
    const { id } = await shop.flow(series);
    await shop.settle();
    lossy = true;
    expect(await populate(shop, id)).toMatchObject({ total: 6, completed: 3, skipped: 3 });
    expect(calls).toBeGreaterThan(3);
  });

  it('go on in stretches', async () => {
    const shop = await openShop();
    for (let n = 0; n < 120; n += 1) await shop.order(`p${n}@shop.example`);
    await shop.pass(hour);
    const { id } = await shop.flow(series);
    expect(await populate(shop, id)).toMatchObject({ status: 'complete', total: 120, completed: 120 });
  });
});

describe('members of a list', () => {
  async function listed() {
    const shop = await openShop();
    const list = await createList(shop.ports, account, { name: 'L', optIn: 'single_opt_in' });
    const join = async (address: string) => {
      const { profile } = await upsertProfile(shop.ports, account, { identifiers: { email: address }, attributes: {} });
      await addToList(shop.ports, account, list.id, [profile.id]);
    };
    await join(ana);
    await shop.pass(day);
    await join(bo);
    await shop.pass(day + hour);
    const triggers: Definition['triggers'] = [{ type: 'list', id: list.id }];
    const once = { unit: 'alltime', duration: 1 } as const;
    const { id } = await shop.flow({ ...series, triggers, reentry_criteria: once });
    return { shop, id };
  }

  it('begin, each once, although the flow lets nobody in again', async () => {
    const { shop, id } = await listed();
    expect(await populate(shop, id, { enters: 'beginning' })).toMatchObject({ completed: 2 });
    expect(acts(shop)).toEqual(['first', 'first']);
    await shop.pass(10 * day);
    expect(acts(shop)).toHaveLength(6);
    expect(await populate(shop, id, { enters: 'beginning' })).toMatchObject({ completed: 2 });
    await shop.pass(10 * day);
    expect(acts(shop)).toHaveLength(6);
  });

  it('or stand where they would be since they joined', async () => {
    const { shop, id } = await listed();
    expect(await populate(shop, id)).toMatchObject({ completed: 2 });
    expect(acts(shop)).toEqual([]);
    expect(shop.enrolments().map(({ step }) => step).toSorted()).toEqual(['more', 'wait']); // prettier-ignore
  });
});
