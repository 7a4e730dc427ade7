import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryPorts } from '../../../shared/adapters/memory/index.ts';
import { eventItem } from '../../../shared/domain/events/index.ts';
import { conditionsOf, evaluate, gather } from '../../../shared/domain/segments/index.ts';
import { accountId } from '../../../shared/kernel/ids.ts';
import { hour } from '../../../shared/kernel/time.ts';
import { listMember } from '../../support/list-member.ts';
import { definitions, histories, metricDefinitions, start } from '../../support/segment-arbitraries.ts';
import { type Facts, belongs } from '../../support/segment-oracle.ts';
import { profileItemOf, snapshotOf } from './facts.ts';

const account = accountId('acc001');
const profile = 'p1';

/** A store that holds the facts. */
async function storing(facts: Facts) {
  const { ports } = memoryPorts({ start });
  const person = profileItemOf(account, profile, facts);
  const members = facts.lists.map(({ id, joined }) => listMember(account, profile, id, joined));
  const events = facts.events.map(({ metric, at, value, properties }, n) =>
    eventItem(ports, account, profile, metric, { time: at, value, properties, unique_id: String(n) }),
  );
  await ports.store.writeMany([person, ...members, ...events].map((put) => ({ put })));
  return ports;
}

/** Nothing is predicted of anybody yet. */
const told = histories.map((facts): Facts => ({ ...facts, predicted: {} }));

test('what is gathered decides membership and flip as all facts do, however little of it is read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(definitions, metricDefinitions), { minLength: 1, maxLength: 2 }),
      told,
      fc.integer({ min: -20, max: 20 }),
      async (wanted, facts, hours) => {
        const now = start + hours * hour;
        const ports = await storing(facts);
        const gathered = await gather(ports, account, profile, wanted.flatMap(conditionsOf), now);
        for (const definition of wanted) {
          const verdict = evaluate(definition, gathered!, now);
          expect(verdict).toEqual(evaluate(definition, snapshotOf(facts), now));
          expect(verdict.member).toBe(belongs(definition, facts, now));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
