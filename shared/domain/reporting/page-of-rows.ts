// The rows of an aggregate in order, page by page.
import { refuse } from '../../kernel/errors.ts';
import type { Row } from './aggregate-rows.ts';

/** How the rows are cut. `sort` is a dimension of `by` or a measurement, with a minus for descending. */
interface Cut {
  by: readonly string[];
  sort: string | undefined;
  size: number;
  position: string | undefined;
}

/** What a row is ordered by, then its dimensions, which no two rows share. */
type Place = readonly (string | number)[];

/** One page; without a sort by the dimensions. `next` is the place of its last row. */
export function pageOfRows(rows: readonly Row[], { by, sort, size, position }: Cut): { rows: Row[]; next?: string } {
  const descending = sort?.startsWith('-') === true;
  const placeOf = placing(by, descending ? sort.slice(1) : sort);
  const order = (a: Place, b: Place) => (descending ? compare(b, a) : compare(a, b));
  const placed = rows.map((row) => ({ row, place: placeOf(row) })).sort((a, b) => order(a.place, b.place));
  const start = position === undefined ? undefined : (JSON.parse(position) as Place);
  const rest = start === undefined ? placed : placed.filter(({ place }) => order(place, start) > 0);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  return { rows: page.map(({ row }) => row), ...(more && { next: JSON.stringify(last.place) }) };
}

function placing(by: readonly string[], field: string | undefined): (row: Row) => Place {
  if (field === undefined) return ({ dimensions }) => dimensions;
  const at = by.indexOf(field);
  if (at >= 0) return ({ dimensions }) => [dimensions[at] ?? '', ...dimensions];
  return ({ dimensions, measurements }) => {
    const numbers = measurements[field];
    if (numbers === undefined) throw notAsked(field);
    return [numbers.reduce((sum, each) => sum + each, 0), ...dimensions];
  };
}

function notAsked(field: string) {
  return refuse('invalid', `The rows have no ${field} to be sorted by; ask for it.`, '/data/attributes/sort');
}

function compare(a: Place, b: Place): number {
  const at = a.findIndex((one, i) => one !== b[i]);
  const [x, y] = [a[at], b[at]];
  if (x === undefined || y === undefined) return 0;
  return x < y ? -1 : 1;
}
