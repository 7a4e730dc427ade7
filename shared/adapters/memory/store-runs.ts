// A sorted list that stays quick when it is long: runs of members, none of them empty, each behind the one before. Runs that
// nobody asks for may be folded up, so that a large store takes less memory.
import { createFolding, type Folding, type Paper, Run } from './store-folding.ts';

type Compare<P> = (a: P, b: P) => number;

/** Members in order. `P` is what of a member tells its place, which is all that is looked at to find one. */
export interface Runs<T extends P, P = T> {
  /** Puts a member into its place; one that stands there already is replaced. */
  place: (member: T) => void;
  /** Takes the member out that stands where `spot` does. */
  take: (spot: P) => void;
  /** The first member for which `holds`; whatever follows such a member must hold as well. */
  first: (holds: (member: P) => boolean) => T | undefined;
  /** The members from the first for which `holds`, in order. */
  forward: (holds: (member: P) => boolean) => Generator<T>;
  /** The members before the first for which `holds`, last first. */
  backward: (holds: (member: P) => boolean) => Generator<T>;
  /** Every member in order, with nothing unfolded for longer than it takes. */
  all: () => Generator<T>;
  clear: () => void;
}

/** Long enough for few runs, short enough to shift or unfold the members of one in no time. */
const longest = 64;

/** Bytes of a run that may be folded up: whoever asks for one of several large members need not unfold them all. */
const heaviest = 128 * 1024;

/** An empty list. With `paper` its runs may be folded up as `folding` has it. */
export function createRuns<T extends P, P = T>(
  compare: Compare<P>,
  { paper, folding = createFolding(Infinity) }: { paper?: Paper<T, P>; folding?: Folding } = {},
): Runs<T, P> {
  let runs: Run<T, P>[] = [];

  const isFull = ({ size, weight }: Run<T, P>) => size >= longest || weight >= heaviest;

  const fresh = (members: T[]) => new Run(members, folding, paper);

  function seek(holds: (member: P) => boolean): [run: number, within: number] {
    const at = firstWhere(runs, (run) => holds(run.last()));
    const run = runs[at];
    return [at, run === undefined ? 0 : firstWhere(run.members(), holds)];
  }

  function append(member: T): void {
    const last = runs.at(-1);
    if (last && !isFull(last)) last.splice(last.size, 0, member);
    else runs.push(fresh([member]));
  }

  return {
    place(member) {
      const [at, within] = seek((other) => compare(other, member) >= 0);
      const run = runs[at];
      const found = run?.members()[within];
      if (!run || found === undefined) append(member);
      else if (compare(found, member) === 0) run.splice(within, 1, member);
      else {
        run.splice(within, 0, member);
        if (isFull(run) && run.size > 1) runs.splice(at + 1, 0, fresh(run.splice(run.size >> 1, Infinity)));
      }
      folding.rest();
    },
    take(spot) {
      const [at, within] = seek((other) => compare(other, spot) >= 0);
      const run = runs[at];
      const found = run?.members()[within];
      if (!run || found === undefined || compare(found, spot) !== 0) return;
      run.splice(within, 1);
      if (run.size === 0) runs.splice(at, 1);
      folding.rest();
    },
    first(holds) {
      const [at, within] = seek(holds);
      const found = runs[at]?.members()[within];
      folding.rest();
      return found;
    },
    *forward(holds) {
      const [at, within] = seek(holds);
      for (let from = at, skip = within; from < runs.length; from += 1, skip = 0) {
        const members = runs[from]?.members().slice(skip) ?? [];
        folding.rest();
        yield* members;
      }
    },
    *backward(holds) {
      const [at, within] = seek(holds);
      yield* (runs[at]?.members() ?? []).slice(0, within).reverse();
      for (let from = at - 1; from >= 0; from -= 1) {
        const members = runs[from]?.members().toReversed() ?? [];
        folding.rest();
        yield* members;
      }
    },
    *all() {
      for (const run of runs) yield* run.look();
    },
    clear() {
      for (const run of runs) run.splice(0, Infinity);
      runs = [];
    },
  };
}

function firstWhere<T>(sorted: readonly T[], holds: (member: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const member = sorted[middle];
    if (member !== undefined && !holds(member)) low = middle + 1;
    else high = middle;
  }
  return low;
}
