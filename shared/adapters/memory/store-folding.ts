// How runs of members are folded up: into texts that are laid away, those that were not asked for longest ago first.
import { type Attic, createAttic } from './store-attic.ts';

/** How members become a text and come back, and what of the last one stays at hand. */
export interface Paper<T extends P, P> {
  fold: (members: readonly T[]) => string;
  /** `grew` hears of the bytes that a member takes more, once it is looked into. */
  unfold: (folded: string, grew: (bytes: number) => void) => T[];
  placeOf: (member: T) => P;
  /** About how many bytes a member takes. */
  weightOf: (member: T) => number;
  /** Hears of members that are no longer there. */
  gone: (member: T) => void;
  /** Hears of what is folded up and all there was, and what it is found by. */
  resting: (members: readonly T[], name: number) => void;
}

interface Foldable {
  isAsked: boolean;
  /** Folds it up; how many bytes that is. */
  fold: () => number;
}

/** Counts what lies open, and folds up what is too much. */
export interface Folding {
  open: (run: Foldable) => void;
  gone: (run: Foldable) => void;
  /** So many bytes more (or fewer) lie open. */
  grew: (bytes: number) => void;
  /** To be called when nobody holds the members of a run. */
  rest: () => void;
  /** Forgets all runs and texts. */
  clear: () => void;
  /** Where the texts lie. */
  attic: Attic;
}

/** Leaves so many bytes open. */
export function createFolding(most: number): Folding {
  const runs = new Set<Foldable>();
  const attic = createAttic();
  let open = 0;
  return {
    attic,
    clear() {
      runs.clear();
      attic.clear();
      open = 0;
    },
    open: (run) => void runs.add(run),
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
export interface Foldings<T extends P, P> {
  paper: Paper<T, P>;
  folding: Folding;
}

/** Some members in order, open or folded. There are many, so each takes little. */
export class Run<T extends P, P> implements Foldable {
  isAsked = true;
  /** It is all there is: nobody asks for its last member. */
  isAlone: boolean;
  size = 0;
  private opened: T[] | undefined = [];
  /** Bytes that were told to lie open. */
  private weight = 0;
  /** What it is found by in the attic, once it was there; whether that is what it says now. */
  private name: number | undefined;
  private isSame = false;
  private end: P | undefined;
  private readonly how: Foldings<T, P> | undefined;

  /** Of these members, or of those that are found by a name. */
  constructor(from: readonly T[] | number, how: Foldings<T, P> | undefined, isAlone: boolean) {
    this.how = how;
    this.isAlone = isAlone;
    if (typeof from === 'number') {
      this.name = from;
      this.isSame = true;
      this.opened = undefined;
      return;
    }
    how?.folding.open(this);
    this.splice(0, 0, ...from);
  }

  /** The members, which lie open until nothing is asked of them for long. Not to be changed, nor kept over a `rest`. */
  members(): readonly T[] {
    this.isAsked = true;
    return this.lie();
  }

  /** The members as they are now. */
  look(): readonly T[] {
    return this.opened ? [...this.opened] : this.unfolded(() => undefined);
  }

  /** The place of the last member. */
  last(): P {
    const last = this.opened?.at(-1) ?? this.end;
    if (last === undefined) throw new Error('A run is never empty.');
    return last;
  }

  /** Takes out `count` members from `from` on and puts these there. */
  splice(from: number, count: number, ...members: readonly T[]): void {
    for (const member of this.move(from, count, members)) this.how?.paper.gone(member);
    if (this.size > 0 || !this.how) return;
    this.how.folding.gone(this);
    if (this.name !== undefined) this.how.folding.attic.drop(this.name);
  }

  /** Takes out, for another run, the members of the second half. */
  half(): T[] {
    return this.move(this.size >> 1, Infinity, []);
  }

  fold(): number {
    const { opened = [], how } = this;
    const last = opened.at(-1);
    if (!how || last === undefined) return 0;
    const { paper, folding } = how;
    // What was only read lies there as it was.
    if (!this.isSame) this.name = folding.attic.put(paper.fold(opened), this.name);
    this.isSame = true;
    if (!this.isAlone) this.end = paper.placeOf(last);
    else if (this.name !== undefined) paper.resting(opened, this.name);
    this.opened = undefined;
    const { weight } = this;
    this.weight = 0;
    return weight;
  }

  private move(from: number, count: number, members: readonly T[]): T[] {
    this.isAsked = true;
    const opened = this.lie();
    this.isSame = false;
    const taken = opened.splice(from, count, ...members);
    this.size = opened.length;
    this.grow(this.weigh(members) - this.weigh(taken));
    return taken;
  }

  private lie(): T[] {
    if (this.opened) return this.opened;
    const opened = this.unfolded((bytes) => {
      // Whoever still holds members of a run that was folded up meanwhile holds them alone.
      if (this.opened === opened) this.grow(bytes);
    });
    this.opened = opened;
    this.size = opened.length;
    this.end = undefined;
    this.how?.folding.open(this);
    this.grow(this.weigh(opened));
    return opened;
  }

  private grow(bytes: number): void {
    this.weight += bytes;
    this.how?.folding.grew(bytes);
  }

  private weigh(members: readonly T[]): number {
    const { how } = this;
    return how ? members.reduce((sum, member) => sum + how.paper.weightOf(member), 0) : 0;
  }

  private unfolded(grew: (bytes: number) => void): T[] {
    const { how, name } = this;
    return how && name !== undefined ? how.paper.unfold(how.folding.attic.look(name), grew) : [];
  }
}
