/** From one stored time (`sortable`) to another, both inclusive. */
export interface TimeSpan {
  from: string;
  to: string;
}

/** The smallest span that holds all of them; undefined when there are none, or nobody knows where one lies. */
export function hullOf(spans: readonly (TimeSpan | undefined)[]): TimeSpan | undefined {
  const [first, ...rest] = spans;
  return rest.reduce<TimeSpan | undefined>(
    (hull, span) =>
      hull &&
      span && { from: hull.from < span.from ? hull.from : span.from, to: hull.to > span.to ? hull.to : span.to },
    first,
  );
}
