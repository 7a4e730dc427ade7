// What is kept of a day beyond counts and sums, in a file: for each quarter of an hour and everything that its events said of
// the dimensions, how many, their worth, and whose. People stand there by a digest, so that a file names nobody.
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { type Sum, add, nothing } from './sums.ts';

/** What the events of a quarter come to that say the same. `dims` as `saidOfDimensions` has it. */
export interface Group extends Sum {
  dims: string;
  /** Each once. */
  people: readonly string[];
}

/** The groups of each quarter, by the name of its entry. */
export type Details = ReadonlyMap<string, readonly Group[]>;

/** Stands for a person within an account: the same for the same one, and telling nothing of them. */
export const personIn = (account: AccountId, profile: string): string => derivedId(22, account, profile);

/** Groups in the making. */
export interface Grouping {
  add: (dims: string, person: string, worth: number) => void;
  groups: () => Group[];
}

/** Nothing yet. */
export function grouping(): Grouping {
  const byDims = new Map<string, { sum: Sum; people: Set<string> }>();
  return {
    add(dims, person, worth) {
      const there = byDims.get(dims) ?? { sum: nothing(), people: new Set<string>() };
      byDims.set(dims, there);
      add(there.sum, { count: 1, sum: worth, lost: 0 });
      there.people.add(person);
    },
    groups: () => [...byDims].map(([dims, { sum, people }]) => ({ dims, ...sum, people: [...people] })),
  };
}

/** People in all groups, again in each. */
export const peopleIn = (details: Details): number =>
  [...details.values()].flat().reduce((all, { people }) => all + people.length, 0);

/** Texts by number, each once. */
function numbered() {
  const numbers = new Map<string, number>();
  return {
    numberOf: (text: string): number => {
      const number = numbers.get(text) ?? numbers.size;
      if (number === numbers.size) numbers.set(text, number);
      return number;
    },
    texts: () => [...numbers.keys()],
  };
}

/** A group with its dims and people by their numbers. */
type Packed = [dims: number, count: number, sum: number, lost: number, people: number[]];

interface Page {
  people: string[];
  dims: string[];
  quarters: Record<string, Packed[]>;
}

/** The text of a file. */
export function packed(details: Details): string {
  const [people, dims] = [numbered(), numbered()];
  const quarters = [...details].map(([entry, groups]) => {
    const rows = groups.map((group): Packed => {
      const { count, sum, lost } = group;
      return [dims.numberOf(group.dims), count, sum, lost, group.people.map(people.numberOf)];
    });
    return [entry, rows] as const;
  });
  const page: Page = { people: people.texts(), dims: dims.texts(), quarters: Object.fromEntries(quarters) };
  return JSON.stringify(page);
}

/** What the text of a file holds. */
export function unpacked(text: string): Details {
  const { people, dims, quarters } = JSON.parse(text) as Page;
  const at = (texts: readonly string[]) => (number: number) => texts[number] ?? '';
  const groups = ([said, count, sum, lost, theirs]: Packed): Group => ({
    dims: at(dims)(said),
    count,
    sum,
    lost,
    people: theirs.map(at(people)),
  });
  return new Map(Object.entries(quarters).map(([entry, rows]) => [entry, rows.map(groups)]));
}
