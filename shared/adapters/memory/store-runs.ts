// A sorted list that stays quick when it is long: runs of members, none of them empty, each behind the one before. Runs that
// nobody asks for may be folded up, so that a large store takes less memory.
import { type Kind, Run } from './store-folding.ts';

/** Long enough for few runs, short enough to shift or unfold the members of one in no time. */
const longest = 64;

/**
 * Members in order. `P` is what of a member tells its place, which is all that is looked at to find one. Of every `holds`:
 * whatever follows a member for which it holds must hold as well. There are many short lists, so each takes little.
 */
export class Runs<T extends P, P = T> {
  private runs: Run<T, P>[] = [];
  private readonly kind: Kind<T, P>;

  /** Of none; or of what was all there was when it was folded up, and is found by `name`. */
  constructor(kind: Kind<T, P>, name?: number) {
    this.kind = kind;
    if (name !== undefined) this.runs.push(new Run(name, kind, true));
  }

  isEmpty(): boolean {
    return this.runs.length === 0;
  }

  /** How many runs they are. */
  count(): number {
    return this.runs.length;
  }

  /** Puts a member into its place; one that stands there already is replaced. */
  place(member: T): void {
    const { at, run, within, found, isThere } = this.look(member);
    if (!run || found === undefined) this.append(member);
    else if (isThere) run.splice(within, 1, member);
    else {
      run.splice(within, 0, member);
      if (run.size >= longest) this.insert(at + 1, run.half());
    }
    this.rest();
  }

  /** Takes the member out that stands where `spot` does. */
  take(spot: P): void {
    const { at, run, within, isThere } = this.look(spot);
    if (!run || !isThere) return;
    run.splice(within, 1);
    if (run.size === 0) this.runs.splice(at, 1);
    this.rest();
  }

  /** The member that stands where `spot` does. */
  find(spot: P): T | undefined {
    const { found, isThere } = this.look(spot);
    this.rest();
    return isThere ? found : undefined;
  }

  /** The members from the first for which `holds`, in order, run by run. */
  *forward(holds: (member: P) => boolean): Generator<readonly T[]> {
    const at = this.runAt(holds);
    for (let from = at, skip = placeIn(this.runs[at], holds); from < this.runs.length; from += 1, skip = 0) {
      const members = this.runs[from]?.members().slice(skip) ?? [];
      this.rest();
      yield members;
    }
  }

  /** The members before the first for which `holds`, last first, run by run. */
  *backward(holds: (member: P) => boolean): Generator<readonly T[]> {
    const at = this.runAt(holds);
    const run = this.runs[at];
    yield (run?.members() ?? []).slice(0, placeIn(run, holds)).reverse();
    for (let from = at - 1; from >= 0; from -= 1) {
      const members = this.runs[from]?.members().toReversed() ?? [];
      this.rest();
      yield members;
    }
  }

  /** Every member in order, with nothing unfolded for longer than it takes. */
  *all(): Generator<T> {
    for (const run of this.runs) yield* run.look();
  }

  clear(): void {
    this.runs = [];
  }

  private rest(): void {
    this.kind.how?.folding.rest();
  }

  /** The first member that does not stand before `spot`, and whether it stands right there. */
  private look(spot: P) {
    const { compare } = this.kind;
    const holds = (other: P) => compare(other, spot) >= 0;
    const at = this.runAt(holds);
    const run = this.runs[at];
    const within = placeIn(run, holds);
    const found = run?.members()[within];
    return { at, run, within, found, isThere: found !== undefined && compare(found, spot) === 0 };
  }

  /** Where the run stands that the first member for which it holds is in. */
  private runAt(holds: (member: P) => boolean): number {
    // Where there is one run, it is not asked for its last member, which it need not keep then.
    return this.runs.length === 1 ? 0 : firstWhere(this.runs, (run) => holds(run.last()));
  }

  private append(member: T): void {
    const last = this.runs.at(-1);
    if (last && last.size < longest) last.splice(last.size, 0, member);
    else this.insert(this.runs.length, [member]);
  }

  private insert(at: number, members: T[]): void {
    const [other] = this.runs;
    if (other) other.isAlone = false;
    this.runs.splice(at, 0, new Run(members, this.kind, other === undefined));
  }
}

/** Where the first member of a run stands for which it holds. */
const placeIn = <T extends P, P>(run: Run<T, P> | undefined, holds: (member: P) => boolean): number =>
  run ? firstWhere(run.members(), holds) : 0;

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
