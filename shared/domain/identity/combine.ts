// What two profiles make when they become one: pure. The survivor keeps all of its own, and what it lacks is added from
// the other; only the time zone is the other's, and the location that of whoever's is more complete (behaviour 1.5).
import type { Consents, ProfileItem } from '../../storage/items.ts';
import { emailsWith } from './emails.ts';
import { type Attributes, attributesOf, propertiesOf } from './person.ts';
import type { Location } from './place.ts';
import { withdrawalsOf } from './standing.ts';

/** The survivor with what it gains. Version, times and the copies of what contacts say are the writer's. */
export function combined(survivor: ProfileItem, other: ProfileItem): ProfileItem {
  const { email, other_emails: others = [], consents, ...rest } = survivor;
  // The other's primary address is the newest of all.
  const joining = [...(other.other_emails ?? []), ...(other.email === undefined ? [] : [other.email])];
  return {
    ...rest,
    ...emailsWith(email, [...others, ...joining]),
    ...identifier('phone_number', survivor, other),
    ...identifier('external_id', survivor, other),
    ...identifier('anonymous_id', survivor, other),
    attributes: JSON.stringify(attributesBoth(attributesOf(survivor), attributesOf(other))),
    properties: JSON.stringify({ ...propertiesOf(other), ...propertiesOf(survivor) }),
    consents: { ...consents, ...pushConsent(consents, other.consents) },
  };
}

function identifier(
  kind: 'phone_number' | 'external_id' | 'anonymous_id',
  survivor: ProfileItem,
  other: ProfileItem,
): Partial<ProfileItem> {
  const value = survivor[kind] ?? other[kind];
  return value === undefined ? {} : { [kind]: value };
}

function attributesBoth(own: Attributes, other: Attributes): Attributes {
  const location = locationOfBoth(own.location ?? {}, other.location ?? {});
  return { ...other, ...own, ...(Object.keys(location).length > 0 && { location }) };
}

function locationOfBoth(own: Location, other: Location): Location {
  const whole = completeness(other) > completeness(own) ? other : own;
  const timezone = other.timezone ?? own.timezone;
  return { ...whole, ...(timezone !== undefined && { timezone }) };
}

/** How much of a place is told; where a call came from and what time it is there say nothing of an address. */
function completeness(location: Location): number {
  return Object.keys(location).filter((field) => field !== 'timezone' && field !== 'ip').length;
}

/** Push consent is the person's own: a withdrawal of either stays; a grant comes along where nothing was known. */
function pushConsent(own: Consents = {}, other: Consents = {}): Consents {
  const mine = own.push === undefined ? {} : { push: own.push };
  const theirs = other.push === undefined ? {} : { push: other.push };
  return { ...theirs, ...withdrawalsOf(mine, theirs) };
}
