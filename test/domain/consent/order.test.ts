// What is said later counts, in whatever order it arrives; where order cannot be told apart any more, nothing is sent.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { granted, outOfList, suppressed, unsuppressed, withdrawn } from '../../../shared/domain/consent/standing.ts';
import { type Standing, standingOf } from '../../../shared/domain/identity/index.ts';
import type { ConsentKind } from '../../../shared/storage/items.ts';

const how = { method: 'API' };
const nobody = standingOf(undefined);
const at = fc.integer({ min: 1, max: 20 });

interface Fact {
  act: 'grant' | 'withdraw' | 'suppress' | 'unsuppress';
  at: number;
}

const next: Readonly<Record<Fact['act'], (standing: Standing, fact: Fact, kind: ConsentKind) => Standing | undefined>> =
  {
    grant: (standing, fact, kind) => granted(standing, { kind, at: fact.at, how }, 100),
    withdraw: (standing, fact, kind) => withdrawn(standing, { kind, at: fact.at, how }, 100),
    suppress: (standing, fact) => suppressed(standing, 'USER_SUPPRESSED', fact.at),
    unsuppress: (standing, fact) => unsuppressed(standing, fact.at),
  };

const after = (facts: readonly Fact[], kind: ConsentKind): Standing =>
  facts.reduce((standing, fact) => next[fact.act](standing, fact, kind) ?? standing, nobody);

const words = fc.array(fc.record({ act: fc.constantFrom('grant', 'withdraw'), at }), { minLength: 1, maxLength: 12 });

describe.each([
  'email',
  'open_tracking',
  'sms',
  'sms_transactional',
  'whatsapp',
  'whatsapp_transactional',
  'whatsapp_conversational',
  'push',
] as const)('on %s', (kind) => {
  it('the later fact wins, at the same instant the withdrawal', () => {
    fc.assert(
      fc.property(words, (facts) => {
        const latest = Math.max(...facts.map((fact) => fact.at));
        const out = facts.some((fact) => fact.at === latest && fact.act === 'withdraw');
        expect(after(facts, kind).consents[kind]?.state).toBe(out ? 'UNSUBSCRIBED' : 'SUBSCRIBED');
      }),
    );
  });

  it('done twice is done once', () => {
    fc.assert(
      fc.property(words, (facts) => {
        expect(after([...facts, ...facts], kind)).toEqual(after(facts, kind));
      }),
    );
  });
});

describe('suppression by hand', () => {
  const everything = fc.array(fc.record({ act: fc.constantFrom('grant', 'withdraw', 'suppress', 'unsuppress'), at }), {
    minLength: 1,
    maxLength: 12,
  });
  const undoes = (fact: Fact) => fact.act === 'grant' || fact.act === 'unsuppress';
  const stands = (facts: readonly Fact[]) =>
    facts.some((one) => one.act === 'suppress' && !facts.some((other) => undoes(other) && other.at > one.at));
  const marked = ({ suppressions }: Standing) => suppressions.some(({ reason }) => reason === 'USER_SUPPRESSED');
  const rank = ['grant', 'unsuppress', 'withdraw', 'suppress'];

  it('stands until a later grant or a later word lifts it, when facts arrive in their order', () => {
    fc.assert(
      fc.property(everything, (facts) => {
        const ordered = facts.toSorted((a, b) => a.at - b.at || rank.indexOf(a.act) - rank.indexOf(b.act));
        expect(marked(after(ordered, 'email'))).toBe(stands(facts));
      }),
    );
  });

  it('is never lost, in whatever order facts arrive', () => {
    fc.assert(
      fc.property(everything, (facts) => {
        if (stands(facts)) expect(marked(after(facts, 'email'))).toBe(true);
      }),
    );
  });
});

describe('leaving one list', () => {
  it('counts unless the person subscribed to that list later, in whatever order both arrive', () => {
    const fact = fc.record({ act: fc.constantFrom('join', 'leave'), list: fc.constantFrom('A', 'B'), at });
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 12 }), (facts) => {
        const end = facts.reduce<Standing>((standing, one) => {
          const changed =
            one.act === 'join'
              ? granted(standing, { kind: 'email', at: one.at, how, list: one.list }, 100)
              : outOfList(standing, one.list, one.at);
          return changed ?? standing;
        }, nobody);
        for (const list of ['A', 'B']) {
          const latest = (act: string) =>
            Math.max(0, ...facts.filter((one) => one.list === list && one.act === act).map((one) => one.at));
          const out = latest('leave') > 0 && latest('leave') >= latest('join');
          expect(end.listSuppressions.some((one) => one.list === list)).toBe(out);
        }
      }),
    );
  });
});
