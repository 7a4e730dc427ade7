// Where a person is: by their own word, and where they were last seen.
export const locationFields = [
  'address1',
  'address2',
  'city',
  'country',
  'latitude',
  'longitude',
  'region',
  'zip',
  'timezone',
  'ip',
] as const;
export type Location = Readonly<Partial<Record<(typeof locationFields)[number], string | number>>>;

interface Places {
  /** As their own data tells it. */
  readonly location?: Location;
  /** Where they were last seen. */
  readonly seen?: Location;
}

const places = ['address1', 'address2', 'city', 'country', 'latitude', 'longitude', 'region', 'zip'] as const;

/** What decides whether somebody is elsewhere. Coordinates and addresses of the internet vary without anyone moving. */
const telling = ['country', 'region', 'city', 'zip', 'timezone'] as const;

/**
 * Where a person is: the place that their own data tells, else the one where they were last seen, whole. The time zone
 * and the address of the internet each by itself.
 */
export function locationOf({ location = {}, seen = {} }: Places): Location {
  if (places.some((field) => location[field] !== undefined)) return { ...timesOf(seen), ...location };
  return { ...seen, ...location };
}

function timesOf({ timezone, ip }: Location): Location {
  return { ...(timezone !== undefined && { timezone }), ...(ip !== undefined && { ip }) };
}

/** True when a person was last seen elsewhere, or nowhere. */
export const isElsewhere = ({ seen: before = {} }: Places, seen: Location | undefined): boolean =>
  seen !== undefined && telling.some((field) => before[field] !== seen[field]);
