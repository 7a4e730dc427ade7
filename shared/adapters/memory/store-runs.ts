// A sorted list that stays quick when it is long: runs of members, none of them empty, each behind the one before.

export type Runs<T> = T[][];

type Compare<T> = (a: T, b: T) => number;

/** Long enough for few runs, short enough to shift the members of one in no time. */
const longest = 512;

/** Puts a member into its place; one that stands there already is replaced. */
export function place<T>(runs: Runs<T>, member: T, compare: Compare<T>): void {
  const [at, within] = seek(runs, (other) => compare(other, member) >= 0);
  const run = runs[at];
  const found = run?.[within];
  if (!run || found === undefined) append(runs, member);
  else if (compare(found, member) === 0) run[within] = member;
  else {
    run.splice(within, 0, member);
    if (run.length > longest) runs.splice(at + 1, 0, run.splice(longest / 2));
  }
}

/** Takes the member out that stands where `member` does. */
export function take<T>(runs: Runs<T>, member: T, compare: Compare<T>): void {
  const [at, within] = seek(runs, (other) => compare(other, member) >= 0);
  const run = runs[at];
  const found = run?.[within];
  if (!run || found === undefined || compare(found, member) !== 0) return;
  run.splice(within, 1);
  if (run.length === 0) runs.splice(at, 1);
}

/** The first member for which `holds`; whatever follows such a member must hold as well. */
export function first<T>(runs: Runs<T>, holds: (member: T) => boolean): T | undefined {
  const [at, within] = seek(runs, holds);
  return runs[at]?.[within];
}

/** The members from the first for which `holds`, in order. */
export function* forward<T>(runs: Runs<T>, holds: (member: T) => boolean): Generator<T> {
  const [at, within] = seek(runs, holds);
  for (let from = at, skip = within; from < runs.length; from += 1, skip = 0) {
    yield* (runs[from] ?? []).slice(skip);
  }
}

/** The members before the first for which `holds`, last first. */
export function* backward<T>(runs: Runs<T>, holds: (member: T) => boolean): Generator<T> {
  const [at, within] = seek(runs, holds);
  yield* (runs[at] ?? []).slice(0, within).reverse();
  for (let from = at - 1; from >= 0; from -= 1) yield* (runs[from] ?? []).toReversed();
}

function seek<T>(runs: Runs<T>, holds: (member: T) => boolean): [run: number, within: number] {
  const at = firstWhere(runs, (run) => {
    const last = run.at(-1);
    return last !== undefined && holds(last);
  });
  return [at, firstWhere(runs[at] ?? [], holds)];
}

function append<T>(runs: Runs<T>, member: T): void {
  const last = runs.at(-1);
  if (last && last.length < longest) last.push(member);
  else runs.push([member]);
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
