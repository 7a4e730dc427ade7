// Whom an edit brings in, and whom what comes after it: told from brute force over what was there at the instant of the edit.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segmentsWork } from '../../../functions/segments/work.ts';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { createAccount } from '../../../shared/domain/account/index.ts';
import { eventItem } from '../../../shared/domain/events/index.ts';
import { type Definition, type Look, lookAt } from '../../../shared/domain/segments/index.ts';
import { createSegment } from '../../../shared/domain/segments/store.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { day, hour, minute, sortable } from '../../../shared/kernel/time.ts';
import { everyShard, segmentMemberKey } from '../../../shared/storage/patterns.ts';
import type { Put } from '../../../shared/storage/store.ts';
import { listMember } from '../../support/list-member.ts';
import { definitions, histories, lists, metricDefinitions, metrics, start } from '../../support/segment-arbitraries.ts';
import { type Facts, belongs } from '../../support/segment-oracle.ts';
import { profileItemOf } from './facts.ts';

const account = accountId('acc001');
const person = 'p1';

/** What comes after the edit: an event, perhaps late or dated ahead, or a list that is joined. */
type News = { list: string } | { metric: string; ago: number; value: number; properties: Record<string, unknown> };
const news: fc.Arbitrary<News> = fc.oneof(
  fc.record({
    metric: fc.constantFrom(...metrics),
    ago: fc.constantFrom(0, 0, hour, 5 * hour, 2 * day, 6 * day, -2 * hour),
    value: fc.constantFrom(0, 1, 10),
    properties: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('red', 1, 'blue'), { maxKeys: 2 }),
  }),
  fc.record({ list: fc.constantFrom(...lists) }),
);

/** Nothing is predicted of anybody, and nobody joins a list later than now. */
const told = histories.map((facts): Facts => {
  return { ...facts, predicted: {}, lists: facts.lists.filter(({ joined }) => joined < start) };
});

/** Somebody with a history, a segment that was made a minute ago, and what came since: all written, and looked at or built. */
async function entering(definition: Definition, before: Facts, came: readonly News[], isBuilt: boolean) {
  const { ports, clock } = memoryPorts({ start: start - minute });
  await createAccount(ports, { name: 'Shop', senderEmail: 'shop@example.com', publicId: account });
  const work = segmentsWork(ports);
  const deliver = async (...bodies: Parameters<typeof work>[0][number]['body'][]) => {
    for (const [n, body] of bodies.entries()) expect(await work([{ id: `m${n}`, body }])).toEqual([]);
  };
  const eventOf = ({ at: time, metric, ...rest }: Facts['events'][number], unique_id: string): Put => ({
    put: eventItem(ports, account, person, metric, { ...rest, time, unique_id }),
  });
  await ports.store.writeMany([
    { put: profileItemOf(account, person, before) },
    ...before.lists.map(({ id, joined }) => ({ put: listMember(account, person, id, joined) })),
    ...before.events.map((one, n) => eventOf(one, `old${n}`)),
  ]);
  await deliver(lookAt(account, person, { properties: true }));
  clock.advance(minute);
  const edited = clock.now();
  const { id } = await createSegment(ports, account, { name: 'Some', definition, starred: false });
  clock.advance(minute);
  const now = clock.now();
  let after = before;
  const looks: Partial<Look>[] = [];
  for (const [n, one] of came.entries()) {
    if ('list' in one) {
      if (after.lists.some((list) => list.id === one.list)) continue;
      after = { ...after, lists: [...after.lists, { id: one.list, joined: now }] };
      await ports.store.write({ put: listMember(account, person, one.list, now) });
      looks.push({ lists: [one.list] });
    } else {
      const { ago, ...rest } = one;
      const event = { ...rest, at: Math.floor((now - ago) / 1000) * 1000 };
      const at = sortable(event.at);
      after = { ...after, events: [...after.events, event] };
      await ports.store.writeMany([eventOf(event, `new${n}`)]);
      looks.push({ metrics: [event.metric], newest: at, span: { from: at, to: at } });
    }
  }
  if (isBuilt) {
    const of = { account, segment: id, version: 1 };
    const parts = Array.from({ length: 3 * everyShard.length }, (_, shard) => ({
      type: 'build-shard' as const,
      ...of,
      shard,
    }));
    await deliver({ type: 'build', ...of }, ...parts);
  } else for (const facts of looks) await deliver(lookAt(account, person, facts));
  const member = await ports.store.get(segmentMemberKey(account, person, id));
  const wasIn = belongs(definition, before, edited);
  const wouldBe = belongs(definition, before, now);
  const how = member && (member.built === true ? ('edit' as const) : ('data' as const));
  return { how, wasIn, wouldBe };
}

test('who enters while a segment is being built was brought in by the edit exactly when they belonged in at its instant', async () => {
  const met: Record<'edit' | 'data', number> = { edit: 0, data: 0 };
  const cases = fc.tuple(
    fc.oneof(definitions, metricDefinitions),
    told,
    fc.array(news, { maxLength: 3 }),
    fc.boolean(),
  );
  const property = fc.asyncProperty(cases, async ([definition, before, all, isBuilt]) => {
    // A build sees by their times which events came since; of late ones it takes its look's word, which comes within seconds.
    const came = isBuilt ? all.filter((one) => !('ago' in one) || one.ago <= 0) : all;
    const { how, wasIn, wouldBe } = await entering(definition, before, came, isBuilt);
    if (how === undefined) return;
    met[how] += 1;
    // Who was in, and would be out by now without what came, may have left and come again; so may who is told of one thing after another.
    if (wasIn === wouldBe && (!wasIn || came.length < 2)) expect(how).toBe(wasIn ? 'edit' : 'data');
  });
  await fc.assert(property, { numRuns: 3000 });
  expect(met.edit).toBeGreaterThan(50);
  expect(met.data).toBeGreaterThan(20);
});
