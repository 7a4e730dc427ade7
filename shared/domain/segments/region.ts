// A table: countries by any of their names, and which of them are in the European Union.

/** As ISO 3166 has them: two letters and three. */
const members = {
  AT: 'AUT',
  BE: 'BEL',
  BG: 'BGR',
  CY: 'CYP',
  CZ: 'CZE',
  DE: 'DEU',
  DK: 'DNK',
  EE: 'EST',
  ES: 'ESP',
  FI: 'FIN',
  FR: 'FRA',
  GR: 'GRC',
  HR: 'HRV',
  HU: 'HUN',
  IE: 'IRL',
  IT: 'ITA',
  LT: 'LTU',
  LU: 'LUX',
  LV: 'LVA',
  MT: 'MLT',
  NL: 'NLD',
  PL: 'POL',
  PT: 'PRT',
  RO: 'ROU',
  SE: 'SWE',
  SI: 'SVN',
  SK: 'SVK',
} as const;

/** Those outside the Union that conditions can name. */
const others = { AU: 'AUS', CA: 'CAN', GB: 'GBR', NZ: 'NZL', US: 'USA' } as const;

/** Names beside those that English has. */
const further: Readonly<Record<string, string>> = {
  'united states of america': 'US',
  'u.s.': 'US',
  'u.s.a.': 'US',
  uk: 'GB',
  'great britain': 'GB',
  'czech republic': 'CZ',
  'the netherlands': 'NL',
};

export type Country = keyof typeof members | keyof typeof others;

const english = new Intl.DisplayNames('en', { type: 'region' });
const byName: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ ...members, ...others }).flatMap(([two, three]) => [
    [two.toLowerCase(), two] as const,
    [three.toLowerCase(), two] as const,
    [(english.of(two) ?? two).toLowerCase(), two] as const,
  ]),
  ...Object.entries(further),
]);

/** The two letters of a country by its code or its English name, in any case; undefined of all that conditions cannot mean. */
export const countryOf = (name: string): Country | undefined =>
  byName.get(name.trim().toLowerCase()) as Country | undefined;

/** Whether a country (by any name) lies in the region. The United Kingdom has left the Union. */
export function isIn(region: 'european_union' | 'united_states', name: string): boolean {
  const country = countryOf(name);
  if (country === undefined) return false;
  return region === 'united_states' ? country === 'US' : Object.hasOwn(members, country);
}
