// How runs of members are folded up: as compressed texts, those that were not asked for longest ago first.

/** How members become a text of a byte each letter (which the heap can move together, unlike buffers) and come back, and what of the last one stays at hand. */
export interface Paper<T extends P, P> {
  fold: (members: readonly T[]) => string;
  unfold: (folded: string) => T[];
  placeOf: (member: T) => P;
  /** About how many bytes a member is long. */
  weightOf: (member: T) => number;
}

interface Foldable {
  isAsked: boolean;
  /** Folds it up; how many members that is. */
  fold: () => number;
}

/** Counts what lies open, and folds up what is too much. */
export interface Folding {
  open: (run: Foldable, members: number) => void;
  gone: (run: Foldable, members: number) => void;
  /** So many members more (or fewer) in what lies open. */
  grew: (members: number) => void;
  /** To be called when nobody holds the members of a run. */
  rest: () => void;
}

/** Leaves so many members open. */
export function createFolding(most: number): Folding {
  const runs = new Set<Foldable>();
  let members = 0;
  return {
    open(run, count) {
      runs.add(run);
      members += count;
    },
    gone(run, count) {
      runs.delete(run);
      members -= count;
    },
    grew(count) {
      members += count;
    },
    rest() {
      if (members <= most) return;
      // Whoever was asked for since it was passed last is passed once more, and stands behind the others.
      for (const run of runs) {
        runs.delete(run);
        if (run.isAsked) {
          run.isAsked = false;
          runs.add(run);
        } else members -= run.fold();
        if (members <= most) return;
      }
    },
  };
}

/** Some members in order, open or folded. */
export class Run<T extends P, P> implements Foldable {
  isAsked = true;
  size: number;
  /** Bytes, of runs that may be folded up. */
  weight: number;
  private opened: T[] | undefined;
  private folded: string | undefined;
  private end: P | undefined;
  private readonly folding: Folding;
  private readonly paper: Paper<T, P> | undefined;

  constructor(members: T[], folding: Folding, paper: Paper<T, P> | undefined) {
    this.opened = members;
    this.size = members.length;
    this.folding = folding;
    this.paper = paper;
    this.weight = this.weigh(members);
    if (paper) folding.open(this, members.length);
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
    const taken = opened.splice(from, count, ...members);
    this.size = opened.length;
    if (!this.paper) return taken;
    this.weight += this.weigh(members) - this.weigh(taken);
    this.folding.grew(members.length - taken.length);
    if (this.size === 0) this.folding.gone(this, 0);
    return taken;
  }

  fold(): number {
    const { opened = [], paper } = this;
    const last = opened.at(-1);
    if (!paper || last === undefined) return 0;
    this.folded = paper.fold(opened);
    this.end = paper.placeOf(last);
    this.opened = undefined;
    return opened.length;
  }

  private lie(): T[] {
    if (this.opened) return this.opened;
    const opened = this.unfolded();
    this.opened = opened;
    this.folded = undefined;
    this.end = undefined;
    this.folding.open(this, opened.length);
    return opened;
  }

  private weigh(members: readonly T[]): number {
    const { paper } = this;
    return paper ? members.reduce((sum, member) => sum + paper.weightOf(member), 0) : 0;
  }

  private unfolded(): T[] {
    return this.folded !== undefined && this.paper ? this.paper.unfold(this.folded) : [];
  }
}
