// Every grant of the stack is needed: with it taken out of its role, on a rehearsal that runs, something does not come about,
// and the missing statement is named; given back, it does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hour, minute } from '../../shared/kernel/time.ts';
import { type FunctionName, functions, functionSpecs, type Grant } from '../../shared/topology.ts';
import type { QueueName } from '../../shared/messages.ts';
import { belongs, openStage, type Stage, type Taken, whyNot, withoutAll } from './stage.ts';
import { openShop } from './turn-things.ts';
import { next, type Turn, turns } from './turns.ts';

/** What no turn can show, and why. */
const unseen: Readonly<Record<string, string>> = {
  'jobs files:write': 'a feed that is answered lays it by: the journey outside goes there, no turn does yet',
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

/** Who follows the stream, or is woken: it neither stops at what is denied nor gets past it. */
const triesAgain = (name: FunctionName) => name === 'changes' || name === 'wake';

const isWorker = (name: FunctionName) => 'queue' in functions[name].trigger;

describe.skipIf(whyNot)(
  `a role without one of its grants${whyNot === undefined ? '' : ` (skipped: ${whyNot})`}`,
  () => {
    let stage: Stage;
    let named: Awaited<ReturnType<typeof openShop>>;
    let count = 0;
    beforeAll(async () => {
      stage = await openStage();
      // Every run sees midnight and quiet hours at the same turns.
      const { advance, now } = stage.rehearsal;
      await advance(next(12)(now()) - now());
      named = await openShop(stage);
    });
    afterAll(() => stage.close());

    const has = (taken: readonly Taken[]) => stage.rehearsal.amend(withoutAll(taken));
    const pass = (ms: number) => stage.rehearsal.advance(ms);
    const gaveUp = (name: string) =>
      stage.rehearsal.deadLetters().some(({ queue }) => queue === `Queues/${name}/DeadLetters`);
    const denials = ([name, grant]: Taken) =>
      stage.denied.filter(
        ({ message, missing }) => message.includes(`Functions${name}Role`) && belongs(missing.Action, grant),
      );

    /** Time passes until it was denied, and whoever works off a queue has given up; whoever tries again has done so. */
    async function untilDenied(taken: Taken, { lasts = minute }: Turn): Promise<void> {
      const [name] = taken;
      // A wake-up is tried three times within three minutes.
      const step = name === 'wake' ? minute : Math.max(minute, lasts / 30);
      await pass(0);
      for (let waited = 0; denials(taken).length === 0 && waited < lasts + 2 * hour; waited += step) await pass(step);
      if (triesAgain(name)) for (let tries = 0; denials(taken).length < 2 && tries < 2; tries += 1) await pass(minute);
      if (isWorker(name)) for (let hours = 0; !gaveUp(name) && hours < 4; hours += 1) await pass(hour);
    }

    async function putBack(): Promise<void> {
      for (const { queue } of stage.rehearsal.deadLetters())
        await stage.rehearsal.deployment.redrive(queue.split('/')[1] as QueueName);
    }

    it.each(shown)('%s without %s: %s does not come about until it is given back', async (name, grant, what) => {
      const turn = turns[what] as Turn;
      const { without = [], lasts = minute } = turn;
      const id = `t${(count += 1)}`;
      const things = named(id, turn.email?.(id));
      await turn.prepare?.(things);
      await pass(0);
      stage.denied.length = 0;

      const taken: Taken = [name, grant];
      has([...without, taken]);
      const refused = await turn.does(things).then(
        () => false,
        () => true,
      );
      await untilDenied(taken, turn);
      const missing = denials(taken);
      expect(missing[0]?.missing).toMatchObject({ Effect: 'Allow' });
      const came = await turn.holds(things).catch(() => false);
      const isStuck = gaveUp(name) || (triesAgain(name) && missing.length > 1);
      expect({ refused, isStuck, came }).not.toEqual({ refused: false, isStuck: false, came: true });
      // Nobody else lost anything.
      expect(stage.denied.length).toBe([...without, taken].flatMap(denials).length);

      has(without);
      if ('http' in functions[name].trigger) await turn.does(things);
      await putBack();
      await pass(Math.max(lasts, 35 * minute));
      expect(await turn.holds(things)).toBe(true);
      has([]);
      await putBack();
      await pass(minute);
      expect(stage.rehearsal.deadLetters()).toEqual([]);
    });
  },
);
