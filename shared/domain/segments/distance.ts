// How far somebody lives from a postal code, as the crow flies between the centres of the two codes.
import type { PostalCodeDistance } from './definition.ts';
import { type Truth, always } from './timeline.ts';

/** Degrees north and east. */
export type Position = readonly [latitude: number, longitude: number];

/** Where postal codes lie, by the keys of `placeOf`. */
export type Positions = ReadonlyMap<string, Position>;

const earthRadius = 6371.0088;
const kilometresInMile = 1.609344;

/** Kilometres between two positions along a great circle. */
export function kilometresBetween([north, east]: Position, [otherNorth, otherEast]: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [a, b] = [radians(north), radians(otherNorth)];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(otherEast - east) / 2) ** 2;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** The truth of a condition on distance; a place that is not known is neither near nor far. */
export function ofDistance(
  { unit, filter }: PostalCodeDistance,
  here: Position | undefined,
  there: Position | undefined,
): Truth {
  if (here === undefined || there === undefined) return always(false);
  const distance = kilometresBetween(here, there) / (unit === 'miles' ? kilometresInMile : 1);
  return always(filter.operator === 'less-than' ? distance < filter.value : distance > filter.value);
}
