// A seed that fails, told short: which of its turns it takes, and the command that plays them again.
import { type Outcome, runSeed } from './run.ts';

export interface Failure {
  outcome: Outcome;
  /** Plays it again. */
  command: string;
}

const numberOf = (turn: string) => Number(turn.split(' ')[0]);

/** What is broken, without the ids: a shorter run breaks the same when it breaks this. */
const kindOf = ({ broken }: Outcome) => (broken[0] ?? '').slice(0, 8);

/** Leaves out turns, many at once and then fewer, as long as the same thing breaks. */
export async function shrink(seed: number, length: number, failed: Outcome): Promise<Failure> {
  const kind = kindOf(failed);
  let outcome = failed;
  let kept = failed.taken.map(numberOf);
  const without = (some: readonly number[]) => {
    const stay = new Set(kept.filter((one) => !some.includes(one)));
    return new Set(Array.from({ length }, (_, one) => one).filter((one) => !stay.has(one)));
  };
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length;) {
      const some = kept.slice(from, from + size);
      const shorter = await runSeed(seed, length, { skip: without(some) });
      if (kindOf(shorter) === kind) [outcome, kept] = [shorter, kept.filter((one) => !some.includes(one))];
      else from += size;
    }
  }
  return { outcome, command: commandOf(seed, length, kept) };
}

const commandOf = (seed: number, length: number, kept: readonly number[]) =>
  `SEED=${seed} TURNS=${length} ONLY=${kept.join()} npm run simulate`;

/** The turns to leave out so that only these are taken. */
export const allBut = (only: readonly number[], length: number): ReadonlySet<number> =>
  new Set(Array.from({ length }, (_, one) => one).filter((one) => !only.includes(one)));
