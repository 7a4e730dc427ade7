// How runs of members are folded up: into texts that are laid away. Whoever walks through everything once does not drive out what
// is asked for again and again: what was opened once lies open for a moment, what is opened again soon for as long as it is asked for.
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
  /** What it is found by in the attic, once it was there. */
  readonly name: number | undefined;
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

/** Of what was opened the newest so many lie open anyway: few enough that they are gone before the heap counts them as old. */
const mostFresh = 256;
/** So many names, or twice as many, are remembered of what was folded up when it was fresh. */
const mostLeft = 10_000;

/** Of what may lie open so much is filled with what was opened once: the rest is for those that come and go. */
const filled = 7 / 8;

/** Leaves so many bytes open. */
export function createFolding(most: number): Folding {
  const fresh = new Set<Foldable>();
  const kept = new Set<Foldable>();
  const attic = createAttic();
  let open = 0;
  // Two sets, of which the older is forgotten as a whole: the first member of one that lost many takes long to find.
  let [left, leftBefore] = [new Set<number>(), new Set<number>()];

  function leave({ name }: Foldable): void {
    if (name !== undefined) left.add(name);
    if (left.size >= mostLeft) [left, leftBefore] = [new Set(), left];
  }

  /** The oldest of the fresh goes: where there is room to the others, else it is folded up. */
  function age(): void {
    const [run] = fresh;
    if (!run) return;
    fresh.delete(run);
    if (open <= most * filled) {
      kept.add(run);
      return;
    }
    open -= run.fold();
    leave(run);
  }

  /** Whoever was asked for since it was passed last is passed once more, and stands behind the others. */
  function fold(): void {
    for (const run of kept) {
      kept.delete(run);
      if (!run.isAsked) {
        open -= run.fold();
        return;
      }
      run.isAsked = false;
      kept.add(run);
    }
  }

  return {
    attic,
    clear() {
      for (const all of [fresh, kept, left, leftBefore]) all.clear();
      attic.clear();
      open = 0;
    },
    open(run) {
      const isBack = run.name !== undefined && (left.has(run.name) || leftBefore.has(run.name));
      (isBack ? kept : fresh).add(run);
    },
    gone(run) {
      if (!fresh.delete(run)) kept.delete(run);
    },
    grew: (bytes) => void (open += bytes),
    rest() {
      while (fresh.size > mostFresh) age();
      while (open > most && kept.size > 0) fold();
      while (open > most && fresh.size > 0) age();
    },
  };
}

/** How a run is folded up, where it may be. */
export interface Foldings<T extends P, P> {
  paper: Paper<T, P>;
  folding: Folding;
}

/** What lists of one kind have in common. */
export interface Kind<T extends P, P> {
  compare: (a: P, b: P) => number;
  /** With it, runs may be folded up. */
  how?: Foldings<T, P>;
}

/** In what an open run differs from its text. */
interface Changes<T, P> {
  /** Members that are not in the text, in the order in which they came. */
  added: Set<T>;
  /** The places of those that are in it, and not there any more. */
  removed: P[];
}

/** Where so much of a run has changed, of three of its members one, its text is written anew: until then only the rest is. */
const mostChanged = 1 / 3;

/** Some members in order, open or folded. There are many, so each takes little. */
export class Run<T extends P, P> implements Foldable {
  isAsked = true;
  /** It is all there is: nobody asks for its last member. */
  isAlone: boolean;
  size = 0;
  private opened: T[] | undefined = [];
  /** Bytes that were told to lie open. */
  private weight = 0;
  name: number | undefined;
  /** Whether it is in the attic as it is now. */
  private isSame = false;
  private changes: Changes<T, P> | undefined;
  private end: P | undefined;
  private readonly kind: Kind<T, P>;

  /** Of these members, or of those that are found by a name. */
  constructor(from: readonly T[] | number, kind: Kind<T, P>, isAlone: boolean) {
    this.kind = kind;
    this.isAlone = isAlone;
    if (typeof from === 'number') {
      this.name = from;
      this.isSame = true;
      this.opened = undefined;
      return;
    }
    kind.how?.folding.open(this);
    this.splice(0, 0, ...from);
  }

  private get how(): Foldings<T, P> | undefined {
    return this.kind.how;
  }

  /** The members, which lie open until nothing is asked of them for long. Not to be changed, nor kept over a `rest`. */
  members(): readonly T[] {
    this.isAsked = true;
    return this.lie();
  }

  /** The members as they are now. */
  look(): readonly T[] {
    return this.opened ? [...this.opened] : this.unfolded(() => undefined).members;
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
    const { paper } = how;
    // What was only read lies there as it was.
    if (!this.isSame) this.layAway(opened, how);
    this.isSame = true;
    this.changes = undefined;
    if (!this.isAlone) this.end = paper.placeOf(last);
    else if (this.name !== undefined) paper.resting(opened, this.name);
    this.opened = undefined;
    const { weight } = this;
    this.weight = 0;
    return weight;
  }

  private layAway(opened: readonly T[], { paper, folding: { attic } }: Foldings<T, P>): void {
    const { name, changes } = this;
    if (name === undefined || !changes || changes.added.size + changes.removed.length > opened.length * mostChanged) {
      this.name = attic.put(paper.fold(opened), name);
      return;
    }
    this.name = attic.add(`${JSON.stringify(changes.removed)}\n${paper.fold([...changes.added])}`, name);
  }

  private move(from: number, count: number, members: readonly T[]): T[] {
    this.isAsked = true;
    const opened = this.lie();
    this.isSame = false;
    const taken = opened.splice(from, count, ...members);
    this.note(taken, members);
    this.size = opened.length;
    this.grow(this.weigh(members) - this.weigh(taken));
    return taken;
  }

  private note(taken: readonly T[], members: readonly T[]): void {
    if (this.name === undefined || !this.how) return;
    const { added, removed } = (this.changes ??= { added: new Set(), removed: [] });
    for (const member of taken) if (!added.delete(member)) removed.push(this.how.paper.placeOf(member));
    for (const member of members) added.add(member);
  }

  private lie(): T[] {
    if (this.opened) return this.opened;
    const { members: opened, changes } = this.unfolded((bytes) => {
      // Whoever still holds members of a run that was folded up meanwhile holds them alone.
      if (this.opened === opened) this.grow(bytes);
    });
    this.opened = opened;
    this.changes = changes;
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

  private unfolded(grew: (bytes: number) => void): { members: T[]; changes?: Changes<T, P> } {
    const { how, name } = this;
    if (!how || name === undefined) return { members: [] };
    const { compare } = this.kind;
    const { paper, folding } = how;
    const [text, addendum] = folding.attic.look(name);
    const members = paper.unfold(text, grew);
    if (addendum === '') return { members };
    const end = addendum.indexOf('\n');
    const removed = JSON.parse(addendum.slice(0, end)) as P[];
    const added = paper.unfold(addendum.slice(end + 1), grew);
    const left = members.filter((member) => !removed.some((place) => compare(member, place) === 0));
    return { members: [...left, ...added].sort(compare), changes: { added: new Set(added), removed } };
  }
}
