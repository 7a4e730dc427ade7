// Random histories on the memory store and on a database: every answer, refusal and cost must be the same.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dynoxide, startDynoxide, whyNoDynoxide } from '../support/dynoxide.ts';
import type { Make } from './store-arbitraries.ts';
import { compare, nothingCompared } from './store-differences.ts';
import { type Call, history } from './store-history.ts';
import { knownDifferences } from './store-known.ts';

const missing = whyNoDynoxide();

/** A history that shows a known difference. */
const shown: Readonly<Record<string, Make<Call>[]>> = {
  'index-key-length': [(pk) => ({ write: { put: { ...probe(`${pk}#p`), ...{ lsk: 'a'.repeat(1025) } } } })],
  'zero-character-in-range': [
    (pk) => ({ write: { put: probe(`${pk}#p`) } }),
    (pk) => ({ query: { partition: `${pk}#p`, begins: 'a\0' }, walk: false }),
  ],
  'local-index-size': [
    (pk) => ({ write: { put: { ...probe(`${pk}#p`), ...{ text: 'a'.repeat(409_560), lsk: 'a' } } } }),
  ],
  'update-size': [(pk) => ({ write: { update: { pk: `${pk}#p`, sk: 'a' }, set: { text: 'a'.repeat(409_578) } } })],
  'key-change': [(pk) => ({ write: { update: { pk: `${pk}#p`, sk: 'a' }, set: { sk: 'b' }, if: { present: true } } })],
  'overlap-in-transaction': [
    (pk) => ({ transact: [{ update: { pk: `${pk}#p`, sk: 'a' }, set: { m: 1 }, remove: ['m'] }] }),
  ],
};

const probe = (pk: string) => ({ pk, sk: 'a', kind: 'probe' });

if (missing === undefined) {
  describe('the memory store and a database', () => {
    let dynoxide: Dynoxide;
    let runs = 0;
    const nextPrefix = () => `r${String((runs += 1)).padStart(6, '0')}`;
    beforeAll(async () => (dynoxide = await startDynoxide()));
    afterAll(async () => dynoxide.stop());

    it('give the same answers, refusals and costs, whatever the history', async () => {
      const compared = nothingCompared();
      await fc.assert(
        fc.asyncProperty(history, (calls) =>
          compare(dynoxide, calls, { prefix: nextPrefix(), known: knownDifferences, compared }),
        ),
        { numRuns: 60 },
      );
      expect(Object.keys(compared.calls).length).toBe(7);
    });

    it.each(knownDifferences.map(({ name }) => name))('still differ in %s, and in no other way there', async (name) => {
      const compared = nothingCompared();
      await compare(dynoxide, shown[name] ?? [], { prefix: nextPrefix(), known: knownDifferences, compared });
      expect(compared.known).toEqual({ [name]: 1 });
    });

    it('differ in nothing that is not on the list', async () => {
      const calls = shown['key-change'] ?? [];
      const attempt = compare(dynoxide, calls, { prefix: nextPrefix(), known: [], compared: nothingCompared() });
      await expect(attempt).rejects.toThrow('The stores differ.');
    });
  });
} else {
  it.skip(`the memory store and a database give the same answers (${missing})`);
}

it('has every known difference in docs/store.md, and no other', () => {
  const page = readFileSync(new URL('../../docs/store.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(knownDifferences.map(({ name }) => name));
});
