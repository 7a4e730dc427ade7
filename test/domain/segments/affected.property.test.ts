import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consequencesOf } from '../../../functions/changes/consequences.ts';
import { affectedBy } from '../../../shared/domain/segments/affected.ts';
import { type Look, type Segment, evaluate } from '../../../shared/domain/segments/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { sortable } from '../../../shared/kernel/time.ts';
import type { ProfileItem } from '../../../shared/storage/items.ts';
import {
  casesOf,
  consentDefinitions,
  definitions,
  singleDefinitions,
  start,
} from '../../support/segment-arbitraries.ts';
import { nothing } from '../../support/segment-oracle.ts';
import { profileItemOf, snapshotOf } from './facts.ts';

const account = accountId('acc001');

/** Segments of these definitions. */
const segmentOf = (definition: Segment['definition']): Segment => ({
  id: 'S1',
  name: 'Some',
  version: 1,
  created: sortable(start),
  updated: sortable(start),
  definition,
  is_starred: false,
  is_active: true,
  edition: 1,
});

/** What the change feed tells of a profile that changed so. */
function toldOf(before: ProfileItem, after: ProfileItem): Look | undefined {
  const { work = [] } = consequencesOf({ before, after, at: start }, start);
  const bodies = work.flatMap((one) => (one.queue === 'segments' ? one.body : []));
  return bodies.find((body) => body.type === 'profile');
}

/** A definition, and one person before and after changes of the profile. */
const changes = fc
  .oneof(definitions, singleDefinitions, consentDefinitions)
  .chain((definition) => fc.tuple(casesOf(fc.constant(definition)), casesOf(fc.constant(definition))))
  .map(([[definition, before], [, other]]) => {
    const { events, lists, predicted = {} } = before;
    return { definition, before, after: { ...other, events, lists, predicted } };
  });

test('what a profile says concerns every segment of which it changes the truth, by what the change feed tells of it', () => {
  let differing = 0;
  const property = fc.property(changes, ({ definition, before, after }) => {
    const [was, is] = [before, after].map((facts) => evaluate(definition, snapshotOf(facts), start));
    if (JSON.stringify(was) === JSON.stringify(is)) return;
    differing += 1;
    const told = toldOf(profileItemOf(account, 'p1', before), profileItemOf(account, 'p1', after));
    const segment = segmentOf(definition);
    expect(affectedBy([segment], told!)).toEqual([segment]);
  });
  fc.assert(property, { numRuns: 3000 });
  expect(differing).toBeGreaterThan(300);
});

test('an address that comes concerns segments that ask who may get email, also where nothing was ever said', () => {
  const consent = { channel: 'email', can_receive_marketing: true, consent_status: { subscription: 'any' } } as const;
  const segment = segmentOf({ condition_groups: [{ conditions: [{ type: 'profile-marketing-consent', consent }] }] });
  const without = profileItemOf(account, 'p1', { ...nothing, attributes: {} });
  const addressed = profileItemOf(account, 'p1', { ...nothing, attributes: { email: 'p@example.com' } });
  expect(affectedBy([segment], toldOf(without, addressed)!)).toEqual([segment]);
});
