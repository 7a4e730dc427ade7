// How conditions name what they look at: `email`, `properties['plan']`, `location['city']`; of events, plain names.
import { own } from '../../kernel/bag.ts';
import { type Person, locationFields } from '../identity/index.ts';
import { profileValue } from './compare.ts';

export const attributes = [
  'email',
  'phone_number',
  'external_id',
  'anonymous_id',
  'first_name',
  'last_name',
  'organization',
  'title',
  'locale',
  'image',
  'created',
] as const satisfies readonly (keyof Person)[];

type Attribute = (typeof attributes)[number];

/** What a property condition looks at. */
export type Place = { in: 'attributes'; name: Attribute } | { in: 'properties' | 'location'; name: string };

const isAttribute = (name: string): name is Attribute => attributes.some((known) => known === name);
const isLocation = (name: string) => locationFields.some((known) => known === name);

/** The place that a name means; undefined when it means none. */
export function placeOf(property: string): Place | undefined {
  if (isAttribute(property)) return { in: 'attributes', name: property };
  const [, bag, name] = /^(properties|location)\['(.+)'\]$/s.exec(property) ?? [];
  // What lies within a property is not looked at.
  if (name === undefined || name.includes("']['")) return undefined;
  if (bag === 'properties') return { in: 'properties', name };
  return isLocation(name) ? { in: 'location', name } : undefined;
}

/** What a change at a place is told by; a location is told of as a whole. */
export function nameOf(place: Place): string {
  if (place.in === 'properties') return `properties['${place.name}']`;
  return place.in === 'location' ? 'location' : place.name;
}

/** The value at a place; undefined when it is not set. */
export function valueAt(person: Person, place: Place | undefined): unknown {
  if (place === undefined) return undefined;
  const value = place.in === 'attributes' ? person[place.name] : own(person[place.in], place.name);
  return profileValue(value);
}

/** The value of a property that is named as a place is, or plainly as a custom property; undefined when it is not set. */
export function propertyOf(person: Person, name: string): unknown {
  return valueAt(person, placeOf(name) ?? { in: 'properties', name });
}
