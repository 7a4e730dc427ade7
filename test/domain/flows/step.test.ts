import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action, Status } from '../../../shared/domain/flows/definition.ts';
import { standing } from '../../../shared/domain/flows/standing.ts';
import { type Facts, takeStep } from '../../../shared/domain/flows/step.ts';
import { hour } from '../../../shared/kernel/time.ts';
import { definition, delay, email, someFilter, split } from './building.ts';
import { restockDelay } from './stock.ts';

const now = Date.parse('2026-05-01T10:00:00Z');
const facts = (passes: Facts['passes'] = () => true, rest: Partial<Facts> = {}): Facts => ({
  now,
  zone: 'UTC',
  profile: 'P1',
  passes,
  passesTrigger: () => true,
  belongs: true,
  dateHolds: true,
  acted: [],
  ...rest,
});

describe('a restock', () => {
  const flow = (status: Status) => definition([restockDelay('a', 'b'), email('b', null, status)]);

  test('is waited for', () => {
    const next = takeStep(flow('live'), 'a', facts(undefined, { variant: 'V' }));
    expect(next).toEqual({ status: 'active', step: 'a', waits: 'V' });
  });

  test('is not waited for where nothing but drafts would follow, nor by who named no variant', () => {
    expect(takeStep(flow('draft'), 'a', facts(undefined, { variant: 'V' }))).toEqual({ status: 'finished' });
    expect(takeStep(flow('live'), 'a', facts())).toEqual({ status: 'exited', reason: 'Catalog Item Unavailable' });
  });
});

describe('a time delay', () => {
  test('keeps the person until it is over', () => {
    const flow = definition([delay('a', 'b'), email('b', null)]);
    expect(takeStep(flow, 'a', facts())).toEqual({ status: 'active', step: 'a', due: now + hour });
  });

  test('is not waited for when nothing follows', () => {
    expect(takeStep(definition([delay('a', null)]), 'a', facts())).toEqual({ status: 'finished' });
  });

  test('is not waited for when only drafts follow', () => {
    const flow = definition([delay('a', 'b'), email('b', 'c', 'draft'), delay('c', 'd'), email('d', null, 'disabled')]);
    expect(takeStep(flow, 'a', facts())).toEqual({ status: 'finished' });
  });

  test('of no length lets the person walk on at once', () => {
    const flow = definition([delay('a', 'b', { value: 0 }), email('b', null)]);
    expect(takeStep(flow, 'a', facts())).toEqual({ status: 'active', step: 'b' });
  });
});

describe('a text in quiet hours', () => {
  const quietUntil = now + 9 * hour;

  test('keeps the person before it, and is asked about anew in the morning', () => {
    const flow = definition([email('b', null)]);
    expect(takeStep(flow, 'b', facts(undefined, { quietUntil }))).toEqual({
      status: 'active',
      step: 'b',
      due: quietUntil,
    });
    const waiting = { step: 'b', due: '2026-05-01T19:00:00.000Z' };
    expect(standing({ definition: flow, removed: {} }, waiting)).toBe('b');
    expect(takeStep(flow, 'b', facts())).toMatchObject({ status: 'finished', sending: { action: 'b' }, acted: 'b' });
  });

  test('keeps nobody who does not get it anyway', () => {
    const flow = definition([email('b', null)]);
    const sending = { action: 'b', skipped: 'Person No Longer in List' };
    expect(takeStep(flow, 'b', facts(undefined, { quietUntil, belongs: false }))).toMatchObject({ sending });
    const draft = definition([email('b', null, 'draft')]);
    expect(takeStep(draft, 'b', facts(undefined, { quietUntil }))).toEqual({ status: 'finished' });
  });
});

describe('a split', () => {
  const filter = someFilter();
  const flow = definition([split('a', 'b', null, filter), email('b', null)]);

  test('is decided by the facts of the moment', () => {
    expect(
      takeStep(
        flow,
        'a',
        facts((asked) => asked === filter),
      ),
    ).toEqual({ status: 'active', step: 'b' });
    expect(
      takeStep(
        flow,
        'a',
        facts(() => false),
      ),
    ).toEqual({ status: 'finished' });
  });

  test('without a filter lets everyone take the first branch', () => {
    const open = definition([split('a', 'b', null, null), email('b', null)]);
    expect(
      takeStep(
        open,
        'a',
        facts(() => false),
      ),
    ).toEqual({ status: 'active', step: 'b' });
  });
});

describe('an email', () => {
  const filter = someFilter();
  const flow = definition([email('a', 'b'), email('b', null)], { profile_filter: filter });

  test('that is live is sent, and the person walks on', () => {
    expect(takeStep(flow, 'a', facts())).toEqual({ status: 'active', step: 'b', acted: 'a', sending: { action: 'a' } });
    expect(takeStep(flow, 'b', facts())).toEqual({ status: 'finished', acted: 'b', sending: { action: 'b' } });
  });

  test('is kept as skipped when the profile filter no longer holds, and the person walks on', () => {
    const sending = { action: 'a', skipped: 'Fails Flow Filters' };
    expect(
      takeStep(
        flow,
        'a',
        facts(() => false),
      ),
    ).toEqual({ status: 'active', step: 'b', acted: 'a', sending });
  });

  test('can have filters of its own', () => {
    const own = someFilter();
    const choosy = definition([email('a', null, 'live', { additional_filters: own })], { profile_filter: filter });
    const sending = { action: 'a', skipped: 'Fails Additional Filters' };
    expect(
      takeStep(
        choosy,
        'a',
        facts((asked) => asked !== own),
      ),
    ).toEqual({ status: 'finished', acted: 'a', sending });
  });

  test('that is manual waits for a review, and the person does not', () => {
    const manual = definition([email('a', 'b', 'manual'), email('b', null)]);
    const sending = { action: 'a', skipped: 'Needs review' };
    expect(takeStep(manual, 'a', facts())).toEqual({ status: 'active', step: 'b', acted: 'a', sending });
  });

  test.each<Status>(['draft', 'disabled'])('that is %s is passed by without a trace', (status) => {
    const flow = definition([email('a', 'b', status), email('b', null)]);
    expect(takeStep(flow, 'a', facts())).toEqual({ status: 'active', step: 'b' });
  });
});

test('whoever stands before an action that is gone leaves the flow', () => {
  expect(takeStep(definition([]), 'a', facts())).toEqual({ status: 'exited', reason: 'Action Deleted' });
});

const toItem = ({ step, due }: { step: string; due?: number }) => ({
  step,
  ...(due !== undefined && { due: String(due) }),
});

const anyStatus = fc.constantFrom<Status>('live', 'manual', 'draft', 'disabled');

/** Flows whose links lead forward only: action i leads to later ones or to the end. */
const flows = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const later = (i: number) =>
    fc.option(
      fc
        .integer({ min: i + 1, max: size })
        .filter((j) => j < size)
        .map(String),
    );
  const target = (i: number) => (i + 1 < size ? later(i) : fc.constant(null));
  const action = (i: number): fc.Arbitrary<Action> =>
    fc.oneof(
      target(i).map((next) => delay(String(i), next)),
      fc.tuple(target(i), target(i)).map(([yes, no]) => split(String(i), yes, no, someFilter())),
      fc.tuple(target(i), anyStatus).map(([next, status]) => email(String(i), next, status)),
    );
  return fc.tuple(...Array.from({ length: size }, (_, i) => action(i))).map((actions) => definition(actions));
});

describe('a walk through any flow', () => {
  test('comes to an end, passes no action twice and sends only what is live', () => {
    fc.assert(
      fc.property(flows, fc.infiniteStream(fc.boolean()), (flow, truths) => {
        const passed = new Set<string>();
        let clock = now;
        for (let step: string | undefined = flow.entry_action_id ?? undefined; step !== undefined;) {
          expect(passed.has(step)).toBe(false);
          passed.add(step);
          const next = takeStep(
            flow,
            step,
            facts(() => truths.next().value === true, { now: clock }),
          );
          const action = flow.actions.find(({ id }) => id === step)!;
          const status = action.type === 'send-email' ? action.data.status : undefined;
          expect(next.sending !== undefined).toBe(status === 'live' || status === 'manual');
          if (next.sending && next.sending.skipped === undefined) expect(status).toBe('live');
          expect(next.status).not.toBe('exited');
          if (next.status === 'active' && next.due !== undefined) clock = next.due;
          // Whoever waited goes on to what follows the delay.
          const place = standing({ definition: flow, removed: {} }, next.status === 'active' ? toItem(next) : {});
          step = typeof place === 'string' ? place : undefined;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('never ends with a wait', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        for (const { id } of flow.actions) {
          const next = takeStep(flow, id, facts());
          if (next.status === 'active' && next.due !== undefined) {
            expect(
              flow.actions.some((one) => one.type === 'send-email' && ['live', 'manual'].includes(one.data.status)),
            ).toBe(true);
          }
        }
      }),
    );
  });
});
