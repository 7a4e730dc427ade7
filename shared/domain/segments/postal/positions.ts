// Where postal codes lie: GeoNames' data (CC BY 4.0), a module for each country that is loaded when it is first needed.
import type { Location } from '../../identity/index.ts';
import type { BuiltCondition } from '../definition.ts';
import type { Position } from '../distance.ts';
import { type Country, countryOf } from '../region.ts';
import { plainCode } from './code.ts';
import { unpack } from './pack.ts';

/** Greece is not among the data. */
const modules: { readonly [C in Country]?: () => Promise<{ packed: string }> } = {
  AT: () => import('./data/at.ts'),
  AU: () => import('./data/au.ts'),
  BE: () => import('./data/be.ts'),
  BG: () => import('./data/bg.ts'),
  CA: () => import('./data/ca.ts'),
  CY: () => import('./data/cy.ts'),
  CZ: () => import('./data/cz.ts'),
  DE: () => import('./data/de.ts'),
  DK: () => import('./data/dk.ts'),
  EE: () => import('./data/ee.ts'),
  ES: () => import('./data/es.ts'),
  FI: () => import('./data/fi.ts'),
  FR: () => import('./data/fr.ts'),
  GB: () => import('./data/gb.ts'),
  HR: () => import('./data/hr.ts'),
  HU: () => import('./data/hu.ts'),
  IE: () => import('./data/ie.ts'),
  IT: () => import('./data/it.ts'),
  LT: () => import('./data/lt.ts'),
  LU: () => import('./data/lu.ts'),
  LV: () => import('./data/lv.ts'),
  MT: () => import('./data/mt.ts'),
  NL: () => import('./data/nl.ts'),
  NZ: () => import('./data/nz.ts'),
  PL: () => import('./data/pl.ts'),
  PT: () => import('./data/pt.ts'),
  RO: () => import('./data/ro.ts'),
  SE: () => import('./data/se.ts'),
  SI: () => import('./data/si.ts'),
  SK: () => import('./data/sk.ts'),
  US: () => import('./data/us.ts'),
};

const tables = new Map<Country, Promise<ReadonlyMap<string, Position>>>();

/** The positions of a country's codes, kept once they are loaded. */
function tableOf(country: Country): Promise<ReadonlyMap<string, Position>> {
  const known = tables.get(country);
  if (known) return known;
  const load = modules[country];
  const table = load ? load().then(({ packed }) => unpack(packed)) : Promise.resolve(new Map<string, Position>());
  tables.set(country, table);
  return table;
}

/** True of countries whose codes are known. */
export const isMapped = (country: Country): boolean => modules[country] !== undefined;

/** A code in one way of writing it; undefined when its country is none whose codes could be known. */
export function placeOf(country: string, code: string): { country: Country; code: string; key: string } | undefined {
  const known = countryOf(country);
  if (known === undefined) return undefined;
  const plain = plainCode(known, code);
  return { country: known, code: plain, key: `${known} ${plain}` };
}

/** Where a person says that they are. */
export function placeOfPerson({ country, zip }: Location) {
  return country === undefined || zip === undefined ? undefined : placeOf(String(country), String(zip));
}

/** Positions by the keys of `placeOf`: those that are known of these places. */
async function positionsOf(places: readonly ReturnType<typeof placeOf>[]): Promise<Map<string, Position>> {
  const positions = new Map<string, Position>();
  for (const place of places) {
    const position = place && (await tableOf(place.country)).get(place.code);
    if (place && position) positions.set(place.key, position);
  }
  return positions;
}

/** What conditions on distance look at: where the person is, and where the codes are that conditions name. */
export async function positionsFor(
  conditions: readonly BuiltCondition[],
  location: Location,
): Promise<ReadonlyMap<string, Position>> {
  const places = conditions.flatMap((one) =>
    one.type === 'profile-postal-code-distance' ? (placeOf(one.country_code, one.postal_code) ?? []) : [],
  );
  return positionsOf(places.length === 0 ? [] : [...places, placeOfPerson(location)]);
}

/** True when it is known where the code lies. */
export async function isPlace(country: string, code: string): Promise<boolean> {
  return (await positionsOf([placeOf(country, code)])).size > 0;
}
