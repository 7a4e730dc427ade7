// What becomes of people who are on their way while their flow is edited (behaviour 5.5).
import { describe, expect, test } from 'vitest';
import type { Action, Definition } from '../../../shared/domain/flows/definition.ts';
import { changeAction, removeAction, replaceDefinition } from '../../../shared/domain/flows/edit.ts';
import { readFlow } from '../../../shared/domain/flows/flow.ts';
import type { RequestedDefinition } from '../../../shared/domain/flows/requested.ts';
import { day, hour } from '../../../shared/kernel/time.ts';
import { createDefinition, definitionItem } from '../../../shared/storage/definitions.ts';
import { definition, delay, email, split } from './building.ts';
import { account, openShop } from './world.ts';

const ana = 'ana@shop.test-mail.org';

async function onTheWay(actions: Action[]) {
  const shop = await openShop();
  const now = new Date(shop.clock.now()).toISOString();
  const template = { id: 'TMPL01', version: 1, name: 'T', created: now, updated: now };
  await createDefinition(shop.ports.store, definitionItem(account, 'template', template, {}));
  const { id } = await shop.flow(definition(actions));
  await shop.order(ana);
  await shop.settle();
  const read = () => readFlow(shop.ports, account, id);
  return {
    shop,
    id,
    read,
    sent: () => shop.emails().map(({ action }) => action),
    /** Puts the flow's own definition, changed. */
    edit: async (change: (definition: Definition) => Definition) => {
      const changed = change((await read()).definition);
      return replaceDefinition(shop.ports, account, id, changed as unknown as RequestedDefinition);
    },
  };
}

/** A new email as a caller names it. */
const fresh = (id: string, next: string): Action => {
  const { links, data, type } = email(id, next);
  const message = { subject_line: 'New', template_id: data.message.template_id };
  return { temporary_id: id, type, links, data: { status: data.status, message } } as unknown as Action;
};

describe('someone who waits', () => {
  const steps = () => [delay('wait', 'first', { value: 2 }), email('first', null)];

  test('gets a new step ahead of it', async () => {
    const { shop, edit, sent } = await onTheWay(steps());
    const { definition: after } = await edit((before) => ({
      ...before,
      actions: [{ ...delay('wait', 'new', { value: 2 }) }, fresh('new', 'first'), ...before.actions.slice(1)],
    }));
    await shop.pass(3 * hour);
    const acted = [after.actions[1]?.id, 'first'];
    expect(shop.enrolments()).toMatchObject([{ flow_version: 2, status: 'finished', acted }]);
    expect(sent().toSorted()).toEqual(acted.toSorted());
  });

  test('keeps the time that it was given, though later ones wait longer', async () => {
    const { shop, edit, sent } = await onTheWay(steps());
    await edit((before) => ({
      ...before,
      actions: [delay('wait', 'first', { value: 9 }), ...before.actions.slice(1)],
    }));
    await shop.order('ben@shop.test-mail.org');
    await shop.pass(3 * hour);
    expect(sent()).toEqual(['first']);
    await shop.pass(7 * hour);
    expect(sent()).toEqual(['first', 'first']);
  });

  test('goes on to the next step when the one before it, or its delay, is taken out', async () => {
    const three = [delay('wait', 'first'), email('first', 'second'), email('second', null)];
    const one = await onTheWay(three);
    await removeAction(one.shop.ports, account, 'first');
    await one.shop.pass(2 * hour);
    expect(one.sent()).toEqual(['second']);
    const two = await onTheWay(three);
    await removeAction(two.shop.ports, account, 'wait');
    await removeAction(two.shop.ports, account, 'first');
    await two.shop.pass(2 * hour);
    expect(two.sent()).toEqual(['second']);
    expect((await two.read()).definition).toMatchObject({ entry_action_id: 'second', actions: [{ id: 'second' }] });
  });

  test('runs nothing twice when steps change places', async () => {
    const { shop, edit, sent } = await onTheWay([
      email('first', 'wait'),
      delay('wait', 'second'),
      email('second', null),
    ]);
    await edit((before) => ({
      ...before,
      entry_action_id: 'second',
      actions: [email('second', 'wait'), delay('wait', 'first'), email('first', null)],
    }));
    await shop.pass(2 * hour);
    expect(sent()).toEqual(['first']);
    await shop.order('ben@shop.test-mail.org');
    await shop.pass(2 * hour);
    expect(sent()).toEqual(['first', 'second', 'first']);
  });
});

test('a split that is taken out leads to the first of its branches; what only the other led to goes with it', async () => {
  const { shop, read, sent } = await onTheWay([
    delay('wait', 'fork'),
    split('fork', 'yes', 'no', null),
    email('yes', null),
    email('no', null),
  ]);
  await removeAction(shop.ports, account, 'fork');
  expect((await read()).definition.actions.map(({ id }) => id)).toEqual(['wait', 'yes']);
  expect((await read()).removed).toEqual({ fork: { leave: true }, no: { next: null } });
  await shop.pass(2 * hour);
  expect(sent()).toEqual(['yes']);
});

test('what one action does is changed by itself: where it leads stays, and what it sends is what it says by then', async () => {
  const { shop, id } = await onTheWay([delay('wait', 'first'), email('first', null)]);
  const changed = email('first', null, 'live', { subject_line: 'Later' });
  const flow = await changeAction(shop.ports, account, 'first', changed as never);
  expect(flow.definition.actions[1]).toMatchObject({ data: { message: { id: 'm-first', subject_line: 'Later' } } });
  await expect(changeAction(shop.ports, account, 'wait', delay('wait', null) as never)).rejects.toThrow('/x/flows');
  const other = email('wait', null) as never;
  await expect(changeAction(shop.ports, account, 'wait', other)).rejects.toThrow('time-delay');
  await expect(
    changeAction(shop.ports, account, 'first', email('first', null, 'live', { subject_line: null }) as never),
  ).rejects.toThrow('subject_line');
  await shop.pass(day);
  expect(shop.enrolments()).toMatchObject([{ flow: id, status: 'finished' }]);
});

test('what starts a flow cannot become another thing', async () => {
  const { shop, edit } = await onTheWay([delay('wait', 'first'), email('first', null)]);
  const now = new Date(shop.clock.now()).toISOString();
  const list = { id: 'LIST01', version: 1, name: 'L', created: now, updated: now };
  await createDefinition(shop.ports.store, definitionItem(account, 'list', list, {}));
  await expect(edit((before) => ({ ...before, triggers: [{ type: 'list', id: 'LIST01' }] }))).rejects.toThrow(
    'trigger',
  );
});
