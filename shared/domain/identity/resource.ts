import * as z from 'zod/mini';
import { anyOf, bag, maybe, number, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import type { ProfileItem } from '../../storage/items.ts';
import { personOf, textAttributes } from './person.ts';
import { locationFields } from './place.ts';
import { nothingPredicted, predictiveAnalyticsSchema, subscriptionsOf, subscriptionsSchema } from './subscriptions.ts';

const coordinate = maybe(anyOf(text(), number()));

/** Where a person is. */
export const locationSchema = z.object({
  address1: maybe(text()),
  address2: maybe(text()),
  city: maybe(text()),
  country: maybe(text()),
  latitude: coordinate,
  longitude: coordinate,
  region: maybe(text()),
  zip: maybe(text()),
  timezone: maybe(text()),
  ip: maybe(text()),
});

const attributes = z.object({
  email: maybe(text()),
  phone_number: maybe(text()),
  external_id: maybe(text()),
  first_name: maybe(text()),
  last_name: maybe(text()),
  organization: maybe(text()),
  locale: maybe(text()),
  title: maybe(text()),
  image: maybe(text()),
  created: maybe(timestamp()),
  updated: maybe(timestamp()),
  last_event_date: maybe(timestamp()),
  location: z.optional(locationSchema),
  properties: maybe(bag()),
  subscriptions: z.optional(subscriptionsSchema),
  predictive_analytics: z.optional(predictiveAnalyticsSchema),
});

const relationships = {
  lists: { type: 'list', many: true },
  segments: { type: 'segment', many: true },
  'push-tokens': { type: 'push-token', many: true },
} as const;

/** A profile as an operation of its own answers it. */
export const profileResource: ResourceType = {
  type: 'profile',
  path: 'profiles',
  attributes,
  additional: ['subscriptions', 'predictive_analytics'],
  relationships,
  nullableId: true,
};

/** A profile as get_profile and get_profiles answer it. */
export const profileWithConversations: ResourceType = {
  ...profileResource,
  relationships: { ...relationships, conversations: { type: 'conversation', many: true } },
};

/** What `additional-fields[profile]` asks for, and what is known from beside the profile. */
export interface DocumentOptions {
  additional?: ReadonlySet<string>;
  /** The time of the newest event, `sortable`; left out of the document when not looked up. */
  lastEvent?: string | null;
}

const shown = ['email', 'phone_number', 'external_id', ...textAttributes, 'properties'] as const;

/** The profile as the API shows it. */
export function profileDocument(item: ProfileItem, options: DocumentOptions = {}): Resource {
  const person = personOf(item);
  const { additional = new Set(), lastEvent } = options;
  return {
    type: 'profile',
    id: person.id,
    attributes: {
      ...Object.fromEntries(shown.map((name) => [name, person[name]])),
      location: Object.fromEntries(locationFields.map((field) => [field, person.location[field] ?? null])),
      created: isoOf(person.created),
      updated: isoOf(person.updated),
      ...(lastEvent !== undefined && { last_event_date: lastEvent === null ? null : isoOf(lastEvent) }),
      ...(additional.has('subscriptions') && { subscriptions: subscriptionsOf(item) }),
      ...(additional.has('predictive_analytics') && { predictive_analytics: nothingPredicted }),
    },
  };
}
