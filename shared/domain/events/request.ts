// How callers tell of events: the schemas of request bodies, and what they mean.
import * as z from 'zod/mini';
import { bag, flag, maybe, number, text, timestamp } from '../../jsonapi/fields.ts';
import { own } from '../../kernel/bag.ts';
import { refuse } from '../../kernel/errors.ts';
import { type Instant, instantOf } from '../../kernel/time.ts';
import {
  eventProfileAttributes,
  largestEventProfile,
  nameable,
  onsiteAttributes,
  profileInput,
  profileMeta,
  type ProfileInput,
  type ProfileRequest,
} from '../identity/index.ts';
import { isStorable } from '../../storage/values.ts';
import type { EventInput } from './event.ts';
import { apiService } from './metrics.ts';

const metric = z.strictObject({
  data: z.strictObject({
    type: z.literal('metric'),
    attributes: z.strictObject({ name: text({ min: 1, max: 127 }), service: maybe(text({ min: 1, max: 127 })) }),
  }),
});

const told = {
  properties: bag({ maxKeys: 400, maxDepth: 10, maxItems: 4000, maxString: 100 * 1024 }),
  time: maybe(timestamp()),
  value: maybe(number()),
  value_currency: maybe(text()),
  unique_id: maybe(text({ min: 1, max: 255 })),
  backfill: maybe(flag()),
  metric,
};

const toldOnly = z.strictObject(told);

/** Attributes of an event that brings its profile along. */
export const eventAttributes = z.strictObject({
  ...told,
  profile: z.strictObject({
    data: z.strictObject({
      type: z.literal('profile'),
      id: maybe(text()),
      attributes: eventProfileAttributes,
    }),
  }),
});

/** The events of one profile, as bulk requests group them. */
export const groupAttributes = z.strictObject({
  backfill: maybe(flag()),
  profile: z.strictObject({
    data: z.strictObject({
      type: z.literal('profile'),
      id: maybe(text()),
      attributes: onsiteAttributes,
      meta: z.optional(profileMeta),
    }),
  }),
  events: z.strictObject({
    data: z.array(z.strictObject({ type: z.literal('event'), attributes: toldOnly })),
  }),
});

/** One profile and what happened with it. */
export interface EventGroup {
  profile: ProfileInput;
  events: readonly EventInput[];
}

/** The one event of a create_event request. `pointer` leads to its attributes. */
export function groupOfEvent(attributes: z.infer<typeof eventAttributes>, now: Instant, pointer: string): EventGroup {
  const { profile, ...event } = attributes;
  const { id, attributes: all } = profile.data;
  const { meta, ...rest } = all;
  return {
    profile: profileTold({ id, attributes: rest, meta }, pointer, '/attributes/meta'),
    events: [eventInput(event, now, pointer)],
  };
}

/** The group of a bulk request. `pointer` leads to its attributes. */
export function groupOfMany(attributes: z.infer<typeof groupAttributes>, now: Instant, pointer: string): EventGroup {
  const { profile, events, backfill } = attributes;
  const inputs = events.data.map(({ attributes: event }, at) => ({
    ...eventInput(event, now, `${pointer}/events/data/${at}/attributes`),
    ...((event.backfill ?? backfill) === true && { backfill: true }),
  }));
  return { profile: profileTold(profile.data, pointer), events: inputs };
}

function profileTold(request: ProfileRequest, pointer: string, meta = '/meta'): ProfileInput {
  return profileInput(request, {
    pointer: `${pointer}/profile/data`,
    metaPointer: `${pointer}/profile/data${meta}`,
    largest: largestEventProfile,
    identified: nameable.told,
  });
}

function eventInput(event: z.infer<typeof toldOnly>, now: Instant, pointer: string): EventInput {
  const { name, service } = event.metric.data.attributes;
  const { properties, time, value_currency: currency, unique_id, backfill } = event;
  const value = present(event.value) ? valueIn(event.value, pointer) : reservedValue(properties);
  return {
    metric: { name, service: service ?? apiService },
    properties,
    // Of events without a time the request has one: however long recording takes, they are of one second.
    time: present(time) ? timeIn(time, now, pointer) : now,
    ...(value !== undefined && { value }),
    ...(present(currency) && { currency: currencyIn(currency, pointer) }),
    ...(present(unique_id) && { unique_id }),
    ...(backfill === true && { backfill }),
  };
}

function present<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}

const earliest = Date.UTC(1990, 0, 1);

/** The same time of the same day a year later; of 29 February, of 1 March. */
const yearAfter = (now: Instant): Instant => new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 1);

function timeIn(text: string, now: Instant, pointer: string): Instant {
  const time = instantOf(text);
  if (time >= earliest && time <= yearAfter(now)) return time;
  throw refuse('invalid', 'The time must lie between 1990 and one year from now.', `${pointer}/time`);
}

function valueIn(value: number, pointer: string): number {
  if (isStorable(value)) return value;
  throw refuse('invalid', 'The value must be 0, or between 1e-130 and 9007199254740991 in size.', `${pointer}/value`);
}

/** The value under its reserved name among the properties, where the first version of the API had it (behaviour 2, reserved keys). */
function reservedValue(properties: Readonly<Record<string, unknown>>): number | undefined {
  const value = own(properties, '$value');
  return typeof value === 'number' && isStorable(value) ? value : undefined;
}

function currencyIn(text: string, pointer: string): string {
  if (/^[A-Za-z]{3}$/.test(text)) return text.toUpperCase();
  throw refuse('invalid', 'The currency is a code of three letters (ISO 4217).', `${pointer}/value_currency`);
}
