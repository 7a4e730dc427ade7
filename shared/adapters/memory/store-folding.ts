// How runs of members are folded up: into texts that are laid away, those that were not asked for longest ago first.
import { type Attic, createAttic } from './store-attic.ts';

/** How members become a text and come back, and what of the last one stays at hand. */
export interface Paper<T extends P, P> {
  fold: (members: readonly T[]) => string;
  unfold: (folded: string) => T[];
  placeOf: (member: T) => P;
  /** About how many bytes a member is long. */
  weightOf: (member: T) => number;
}

interface Foldable {
  isAsked: boolean;
  /** Folds it up; how many bytes that is. */
  fold: () => number;
}

/** Counts what lies open, and folds up what is too much. */
export interface Folding {
  open: (run: Foldable, bytes: number) => void;
  gone: (run: Foldable) => void;
  /** So many bytes more (or fewer) in what lies open. */
  grew: (bytes: number) => void;
  /** To be called when nobody holds the members of a run. */
  rest: () => void;
  /** Where the texts lie. */
  attic: Attic;
}

/** Leaves so many bytes open. */
export function createFolding(most: number): Folding {
  const runs = new Set<Foldable>();
  let open = 0;
  return {
    attic: createAttic(),
    open(run, bytes) {
      runs.add(run);
      open += bytes;
    },
    gone: (run) => void runs.delete(run),
    grew: (bytes) => void (open += bytes),
    rest() {
      if (open <= most) return;
      // Whoever was asked for since it was passed last is passed once more, and stands behind the others.
      for (const run of runs) {
        runs.delete(run);
        if (run.isAsked) {
          run.isAsked = false;
          runs.add(run);
        } else open -= run.fold();
        if (open <= most) return;
      }
    },
  };
}

/** How a run is folded up, where it may be. */
interface Folded<T extends P, P> {
  paper?: Paper<T, P>;
  folding?: Folding;
}

/** Some members in order, open or folded. */
export class Run<T extends P, P> implements Foldable {
  isAsked = true;
  /** It is all there is: nobody asks for its last member. */
  isAlone: boolean;
  size: number;
  /** Bytes, of runs that may be folded up; otherwise 0. */
  weight: number;
  private opened: T[] | undefined;
  /** What it is found by in the attic, once it was there; whether that is what it says now. */
  private name: number | undefined;
  private isSame = false;
  private end: P | undefined;
  private readonly kind: Folded<T, P>;

  constructor(members: T[], kind: Folded<T, P>, isAlone = true) {
    this.opened = members;
    this.size = members.length;
    this.kind = kind;
    this.isAlone = isAlone;
    this.weight = this.weigh(members);
    if (kind.paper) kind.folding?.open(this, this.weight);
  }

  /** The members, which lie open until nothing is asked of them for long. Not to be changed, nor kept over a `rest`. */
  members(): readonly T[] {
    this.isAsked = true;
    return this.lie();
  }

  /** The members as they are now. */
  look(): readonly T[] {
    return this.opened ? [...this.opened] : this.unfolded();
  }

  /** The place of the last member. */
  last(): P {
    const last = this.opened?.at(-1) ?? this.end;
    if (last === undefined) throw new Error('A run is never empty.');
    return last;
  }

  /** As of an array. */
  splice(from: number, count: number, ...members: T[]): T[] {
    this.isAsked = true;
    const opened = this.lie();
    this.isSame = false;
    const taken = opened.splice(from, count, ...members);
    this.size = opened.length;
    const { paper, folding } = this.kind;
    if (!paper || !folding) return taken;
    const more = this.weigh(members) - this.weigh(taken);
    this.weight += more;
    folding.grew(more);
    if (this.size === 0) {
      folding.gone(this);
      if (this.name !== undefined) folding.attic.drop(this.name);
    }
    return taken;
  }

  fold(): number {
    const { opened = [], kind } = this;
    const { paper, folding } = kind;
    const last = opened.at(-1);
    if (!paper || !folding || last === undefined) return 0;
    // What was only read lies there as it was.
    if (!this.isSame) this.name = folding.attic.put(paper.fold(opened), this.name);
    this.isSame = true;
    this.end = this.isAlone ? undefined : paper.placeOf(last);
    this.opened = undefined;
    return this.weight;
  }

  private lie(): T[] {
    if (this.opened) return this.opened;
    const opened = this.unfolded();
    this.opened = opened;
    this.end = undefined;
    this.kind.folding?.open(this, this.weight);
    return opened;
  }

  private weigh(members: readonly T[]): number {
    const { paper } = this.kind;
    return paper ? members.reduce((sum, member) => sum + paper.weightOf(member), 0) : 0;
  }

  private unfolded(): T[] {
    const { paper, folding } = this.kind;
    return this.name !== undefined && paper && folding ? paper.unfold(folding.attic.look(this.name)) : [];
  }
}
