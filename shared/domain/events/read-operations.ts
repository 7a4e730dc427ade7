// The operations that read events.
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { get, list, relatedOne, relationship } from '../../jsonapi/verbs/index.ts';
import { notFound } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { eventKey, profileKey } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { livingProfile, profileDocument, profileResource, profileWithLastEvent } from '../identity/index.ts';
import { attributionsOf } from './attribution.ts';
import { type EventName, eventNameOf } from './event.ts';
import { eventsQuery, listEvents } from './list-events.ts';
import { findMetric, metricsOf } from './metrics.ts';
import { attributionResource, eventDocument, eventResource, metricDocument, metricResource } from './resource.ts';

const tag = 'Events';
const read = ['events:read'];
const asked = {
  fieldsOf: [eventResource],
  include: { attributions: attributionResource, metric: metricResource, profile: profileResource },
} as const;

/** The event of an id, read consistently, also where a merge took it; refuses with 404. */
async function eventOf(input: Input, { ports, account }: Context): Promise<EventItem> {
  const id = idOf(input);
  const name = eventNameOf(id);
  const item = name && (await findEvent(ports, account, name));
  if (item === undefined) throw notFound('event', id);
  return item;
}

async function findEvent(
  ports: Ports,
  account: AccountId,
  { profile, metric, hash }: EventName,
): Promise<EventItem | undefined> {
  const item = await ports.store.get(eventKey(account, profile, metric, hash));
  if (item !== undefined) return item;
  const home = await livingProfile(ports, account, profile);
  return home && home.id !== profile ? ports.store.get(eventKey(account, home.id, metric, hash)) : undefined;
}

/** The events, and what led to them where that is asked for. */
async function shown(items: readonly EventItem[], include: ReadonlySet<string>, { ports, account }: Context) {
  const found = include.has('attributions') ? await attributionsOf(ports, account, items) : undefined;
  const of = (place: number) => found && [found[place]].filter((one) => one !== undefined);
  const resources = await Promise.all(items.map((item, place) => eventDocument(ports, account, item, of(place))));
  return { resources, attributions: (found ?? []).filter((one) => one !== undefined) };
}

/** What `include` asks for beside the events: each metric and profile once. */
async function beside(
  items: readonly EventItem[],
  include: ReadonlySet<string>,
  { ports, account }: Context,
): Promise<Resource[]> {
  const metrics = include.has('metric') ? items.map((item) => item.metric) : [];
  const profiles = include.has('profile') ? [...new Set(items.map((item) => item.profile))] : [];
  const [definitions, people] = await Promise.all([
    metricsOf(ports, account, metrics),
    ports.store.getMany(profiles.map((id) => profileKey(account, id))),
  ]);
  return [...definitions.map(metricDocument), ...people.flatMap((item) => (item ? [profileDocument(item)] : []))];
}

/** Reading events, their metrics and their profiles. */
export const eventOperations: readonly Operation<Context>[] = [
  list({
    id: 'get_events',
    tag,
    summary: 'Events of the account, of a metric or of a profile, by time.',
    scopes: read,
    tier: tiers.XL,
    resource: eventResource,
    query: { ...eventsQuery, ...asked },
    run: async ({ query }, context) => {
      const { ports, account } = context;
      const { items, next } = await listEvents(ports, account, query);
      const [{ resources, attributions }, others] = await Promise.all([
        shown(items, query.include, context),
        beside(items, query.include, context),
      ]);
      return { page: { resources, ...(next !== undefined && { next }) }, included: [...others, ...attributions] };
    },
  }),
  get({
    id: 'get_event',
    tag,
    summary: 'One event.',
    scopes: read,
    tier: tiers.M,
    resource: eventResource,
    query: asked,
    run: async (input, context) => {
      const item = await eventOf(input, context);
      const { resources, attributions } = await shown([item], input.query.include, context);
      const [resource = null] = resources;
      return { resource, included: [...(await beside([item], input.query.include, context)), ...attributions] };
    },
  }),
  relatedOne({
    id: 'get_metric_for_event',
    tag,
    summary: 'The metric of an event.',
    scopes: [...read, 'metrics:read'],
    tier: tiers.XL,
    resource: eventResource,
    relationship: 'metric',
    of: metricResource,
    query: { fieldsOf: [metricResource] },
    run: async (input, context) => {
      const { metric: id } = await eventOf(input, context);
      const metric = await findMetric(context.ports, context.account, id);
      return { resource: metric === undefined ? null : metricDocument(metric) };
    },
  }),
  relationship({
    id: 'get_metric_id_for_event',
    tag,
    summary: 'The id of the metric of an event.',
    scopes: [...read, 'metrics:read'],
    tier: tiers.XL,
    resource: eventResource,
    relationship: 'metric',
    of: 'metric',
    many: false,
    run: async (input, context) => ({ linkage: { type: 'metric', id: (await eventOf(input, context)).metric } }),
  }),
  relatedOne({
    id: 'get_profile_for_event',
    tag,
    summary: 'The profile of an event.',
    scopes: [...read, 'profiles:read'],
    tier: tiers.XL,
    resource: eventResource,
    relationship: 'profile',
    of: profileResource,
    query: { fieldsOf: [profileResource], additionalOf: profileResource },
    run: async (input, context) => {
      const { profile } = await eventOf(input, context);
      return { resource: await profileWithLastEvent(context, profile, input.query.additional) };
    },
  }),
  relationship({
    id: 'get_profile_id_for_event',
    tag,
    summary: 'The id of the profile of an event.',
    scopes: [...read, 'profiles:read'],
    tier: tiers.XL,
    resource: eventResource,
    relationship: 'profile',
    of: 'profile',
    many: false,
    run: async (input, context) => ({ linkage: { type: 'profile', id: (await eventOf(input, context)).profile } }),
  }),
];
