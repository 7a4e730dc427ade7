// Random histories on the memory store and on a database: every answer, refusal and cost must be the same.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAwsStore } from '../../shared/adapters/aws/store.ts';
import { createMemoryStore } from '../../shared/adapters/memory/store.ts';
import { everything } from '../../shared/storage/pages.ts';
import { ConditionFailed, type Consumed, type Store, TransactionRefused } from '../../shared/storage/store.ts';
import { type Dynoxide, startDynoxide, whyNoDynoxide } from '../support/dynoxide.ts';
import { callsOn, history, type Call } from './store-history.ts';

const missing = whyNoDynoxide();

/** What one call did, in a form that compares: the answer or the refusal, and the cost of what succeeded. */
async function outcome(store: Store, call: Call, spent: Consumed[]): Promise<unknown> {
  spent.length = 0;
  try {
    return { answer: await callsOn(store, call), spent: [...spent] };
  } catch (error) {
    if (error instanceof ConditionFailed) return { failed: error.current };
    if (error instanceof TransactionRefused) return { refused: error.refusals, contended: error.contended };
    return 'malformed';
  }
}

if (missing === undefined) {
  let dynoxide: Dynoxide;
  let runs = 0;
  beforeAll(async () => (dynoxide = await startDynoxide()));
  afterAll(async () => dynoxide.stop());

  it('gives the same answers, refusals and costs from both stores, whatever the history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (calls) => {
        runs += 1;
        const [here, there]: [Consumed[], Consumed[]] = [[], []];
        const memory = createMemoryStore({ clock: { now: () => 0 }, meter: (cost) => here.push(cost) });
        const aws = createAwsStore({ ...dynoxide, meter: (cost) => there.push(cost) });
        for (const call of calls.map((make) => make(`r${runs}`))) {
          const expected = await outcome(aws, call, there);
          expect(await outcome(memory, call, here), JSON.stringify(call)).toEqual(expected);
        }
        for (const partition of ['p', 'q'].map((name) => `r${runs}#${name}`)) {
          expect(await everything(memory, { partition })).toEqual(await everything(aws, { partition }));
        }
      }),
      { numRuns: Number(process.env['RUNS'] ?? 60) },
    );
  });
} else {
  it.skip(`gives the same answers from both stores (${missing})`);
}
