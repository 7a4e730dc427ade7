import { expect, test } from 'vitest';
import { advance } from '../../../shared/domain/flows/advance.ts';
import { allFlows } from '../../../shared/domain/flows/flow.ts';
import type { Filter } from '../../../shared/domain/flows/filter.ts';
import type { Ports } from '../../../shared/ports.ts';
import { profileKey } from '../../../shared/storage/patterns.ts';
import { hour } from '../../../shared/kernel/time.ts';
import { definition, delay, email, split } from './building.ts';
import { account, openShop } from './world.ts';

const isAna: Filter = {
  condition_groups: [
    {
      conditions: [
        {
          type: 'profile-property',
          property: 'first_name',
          filter: { type: 'string', operator: 'equals', value: 'Ana' },
        },
      ],
    },
  ],
};

/** Someone who waits an hour before a split, and the step that then takes the split. */
async function beforeTheSplit() {
  const shop = await openShop();
  const fork = [delay('wait', 'fork'), split('fork', 'yes', 'no', isAna), email('yes', null), email('no', null)];
  await shop.flow(definition(fork));
  const { profile } = await shop.order('ana@shop.test-mail.org');
  await shop.settle();
  const [waiting] = shop.enrolments();
  const step = { profile, enrolment: waiting!.id, step: 'wait', visit: waiting!.visit };
  return { shop, profile, step, flows: await allFlows(shop.ports, account) };
}

test('a step that someone else takes meanwhile is not taken a second time, whatever the facts have become', async () => {
  const { shop, profile, step, flows } = await beforeTheSplit();
  let overtaken = false;
  const slow: Ports = {
    ...shop.ports,
    store: {
      ...shop.ports.store,
      transact: async (actions) => {
        if (!overtaken) {
          overtaken = true;
          await shop.store.write({ update: profileKey(account, profile), set: { attributes: '{"first_name":"Ana"}' } });
          await advance(shop.ports, account, flows, step);
        }
        return shop.store.transact(actions);
      },
    },
  };
  await advance(slow, account, flows, step);
  expect(shop.emails().map(({ action }) => action)).toEqual(['yes']);
  expect(shop.enrolments()).toMatchObject([{ status: 'finished' }]);
});

test('a message about a step that was taken long ago does nothing', async () => {
  const { shop, step, flows } = await beforeTheSplit();
  await shop.pass(hour);
  const before = shop.store.dump();
  await advance(shop.ports, account, flows, step);
  await advance(shop.ports, account, flows, { ...step, step: 'wait', visit: 0 });
  await advance(shop.ports, account, flows, { ...step, enrolment: 'someone else' });
  expect(shop.store.dump()).toEqual(before);
});
