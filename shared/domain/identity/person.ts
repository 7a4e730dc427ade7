import { isZone } from '../../kernel/zone.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { type Location, locationOf } from './place.ts';

export const textAttributes = ['first_name', 'last_name', 'organization', 'locale', 'title', 'image'] as const;
export type TextAttribute = (typeof textAttributes)[number];
export const isTextAttribute = (name: string): name is TextAttribute => textAttributes.some((known) => known === name);

/** What `ProfileItem.attributes` holds as JSON: only what is set. */
export type Attributes = Readonly<Partial<Record<TextAttribute, string>>> & {
  /** As their own data tells it. */
  readonly location?: Location;
  /** Where they were last seen; shown where their own data tells nothing (`locationOf`). */
  readonly seen?: Location;
};

/** A profile with its bags parsed; what is not set is null. Times are `sortable`. */
export interface Person extends Readonly<Record<TextAttribute, string | null>> {
  readonly id: string;
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly external_id: string | null;
  readonly anonymous_id: string | null;
  readonly location: Location;
  /** Custom properties as the user wrote them; keys may be anything, also `__proto__`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly created: string;
  readonly updated: string;
}

export function attributesOf(item: ProfileItem): Attributes {
  return JSON.parse(item.attributes) as Attributes;
}

export function propertiesOf(item: ProfileItem): Readonly<Record<string, unknown>> {
  return JSON.parse(item.properties) as Readonly<Record<string, unknown>>;
}

/** The profile as segments, templates and messages see it. */
export function personOf(item: ProfileItem): Person {
  const attributes = attributesOf(item);
  return {
    id: item.id,
    email: item.email ?? null,
    phone_number: item.phone_number ?? null,
    external_id: item.external_id ?? null,
    anonymous_id: item.anonymous_id ?? null,
    first_name: attributes.first_name ?? null,
    last_name: attributes.last_name ?? null,
    organization: attributes.organization ?? null,
    locale: attributes.locale ?? null,
    title: attributes.title ?? null,
    image: attributes.image ?? null,
    location: locationOf(attributes),
    properties: propertiesOf(item),
    created: item.created,
    updated: item.updated,
  };
}

/** The person's own time zone; undefined when none is known that is one. */
export function ownZone({ location: { timezone } }: Pick<Person, 'location'>): string | undefined {
  return typeof timezone === 'string' && isZone(timezone) ? timezone : undefined;
}
