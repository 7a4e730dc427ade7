// Every grant of the stack is needed: with it taken out of its role, on a rehearsal that runs, something does not come about,
// and the missing statement is named; given back, it does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hour, minute } from '../../shared/kernel/time.ts';
import { type FunctionName, functions, functionSpecs, type Grant } from '../../shared/topology.ts';
import type { QueueName } from '../../shared/messages.ts';
import { belongs, openStage, type Stage, type Taken, whyNot, withoutAll } from './stage.ts';
import { openShop, type Things } from './turn-things.ts';
import { type Turn, turns } from './turns.ts';

/** What no turn can show, and why. */
const unseen: Readonly<Record<string, string>> = {
  'jobs files:write': 'a feed of the catalog is laid by when its server, a public one, answers',
  'tallies queue:tallies': 'a count goes on in another message after 200,000 events',
};

/** The world outside is nobody's to allow. */
const isAllowed = (grant: Grant) => grant !== 'http:request';

const all = functionSpecs.flatMap(([name, { grants }]) =>
  grants.filter(isAllowed).map((grant) => [name, grant] as const),
);

const shown = Object.entries(turns).flatMap(([what, { needs }]) =>
  Object.entries(needs).flatMap(([name, grants]) =>
    grants.map((grant) => [name as FunctionName, grant, what] as const),
  ),
);

const asText = ([name, grant]: readonly [string, string, ...string[]]) => `${name} ${grant}`;

it('for every grant there is a turn that needs it, but for those whose reason is told', () => {
  const known = [...shown.map(asText), ...Object.keys(unseen)];
  expect(known.sort()).toEqual(all.map(asText).sort());
});

describe.skipIf(whyNot)(
  `a role without one of its grants${whyNot === undefined ? '' : ` (skipped: ${whyNot})`}`,
  () => {
    let stage: Stage;
    let named: Awaited<ReturnType<typeof openShop>>;
    let count = 0;
    beforeAll(async () => {
      stage = await openStage();
      named = await openShop(stage);
    });
    afterAll(() => stage.close());

    const has = (taken: readonly Taken[]) => stage.rehearsal.amend(withoutAll(taken));
    const buried = (name: string) =>
      stage.rehearsal.deadLetters().some(({ queue }) => queue === `Queues/${name}/DeadLetters`);
    const isMissing = ([name, grant]: Taken) =>
      stage.denied.filter(
        ({ message, missing }) => message.includes(`Functions${name}Role`) && belongs(missing.Action, grant),
      );

    /** Time passes until it was denied, and whoever works off a queue has given up. Whoever follows the stream tries for ever. */
    async function denied(taken: Taken, { lasts = minute }: Turn): Promise<void> {
      const { rehearsal } = stage;
      await rehearsal.advance(0);
      for (let waited = 0; isMissing(taken).length === 0 && waited < lasts + 2 * hour; waited += minute)
        await rehearsal.advance(minute);
      const [name] = taken;
      if (name === 'changes') await rehearsal.advance(minute);
      if ('queue' in functions[name].trigger)
        for (let hours = 0; !buried(name) && hours < 4; hours += 1) await rehearsal.advance(hour);
    }

    async function putBack(): Promise<void> {
      const { rehearsal } = stage;
      for (const { queue } of rehearsal.deadLetters())
        await rehearsal.deployment.redrive(queue.split('/')[1] as QueueName);
    }

    async function holds(turn: Turn, things: Things): Promise<boolean> {
      return turn.holds(things).catch(() => false);
    }

    it.each(shown)('%s without %s: %s does not come about until it is given back', async (name, grant, what) => {
      const turn = turns[what] as Turn;
      const { without = [], lasts = minute } = turn;
      const id = `t${(count += 1)}`;
      const things = named(id, turn.email?.(id));
      await turn.prepare?.(things);
      await stage.rehearsal.advance(0);
      stage.denied.length = 0;

      has([...without, [name, grant]]);
      const refused = await turn.does(things).then(
        () => false,
        () => true,
      );
      await denied([name, grant], turn);
      const [first, again] = isMissing([name, grant]);
      expect(first?.missing).toMatchObject({ Effect: 'Allow' });
      const failed =
        refused || buried(name) || (name === 'changes' && again !== undefined) || !(await holds(turn, things));
      expect(failed).toBe(true);
      // Nobody else lost anything.
      const others = stage.denied.length - [...without, [name, grant] as Taken].flatMap(isMissing).length;
      expect(others).toBe(0);

      has(without);
      if ('http' in functions[name].trigger) await turn.does(things);
      await putBack();
      await stage.rehearsal.advance(Math.max(lasts, 35 * minute));
      expect(await turn.holds(things)).toBe(true);
      has([]);
      await putBack();
      await stage.rehearsal.advance(minute);
      expect(stage.rehearsal.deadLetters()).toEqual([]);
    });
  },
);
