// The operations that record events. Apart from those that read, so that the hot path's bundle stays small.
import * as z from 'zod/mini';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import { command, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { seenIn } from '../identity/index.ts';
import { recordGroups } from './record.ts';
import { type EventGroup, eventAttributes, groupAttributes, groupOfEvent, groupOfMany } from './request.ts';

const mostEvents = 1000;
const accepted = { status: 202, answers: { kind: 'empty' } } as const;
const scopes = ['events:write'];
const pointer = '/data/attributes';
const oneEvent = requestDocument('event', { attributes: eventAttributes });
const oneGroup = requestDocument('event-bulk-create', { attributes: groupAttributes });

function refuseMany(groups: readonly EventGroup[], at: string): void {
  const events = groups.reduce((sum, group) => sum + group.events.length, 0);
  if (events === 0) throw refuse('invalid', 'Give at least one event.', at);
  if (events > mostEvents) throw refuse('invalid', `At most ${mostEvents} events fit in one call, not ${events}.`, at);
}

const limitsOf = ({ rate_limits }: Context['owner']) => ({ limited: rate_limits === true });

/** What holders of a private key record. */
export const recordOperations: readonly Operation<Context>[] = [
  command({
    id: 'create_event',
    tag: 'Events',
    summary: 'Record an event; its profile and metric come into being as needed.',
    scopes,
    tier: tiers.XL,
    path: '/api/events',
    body: oneEvent,
    ...accepted,
    run: async ({ body }, { ports, account, owner }) => {
      const group = groupOfEvent(body.data.attributes, ports.clock.now(), pointer);
      await recordGroups(ports, account, [group], limitsOf(owner));
      return { empty: true };
    },
  }),
  command({
    id: 'bulk_create_events',
    tag: 'Events',
    summary: 'Record up to 1,000 events of one or more profiles.',
    scopes,
    tier: tiers.M,
    path: '/api/event-bulk-create-jobs',
    body: requestDocument('event-bulk-create-job', {
      attributes: z.strictObject({
        'events-bulk-create': z.strictObject({
          data: z.array(z.strictObject({ type: z.literal('event-bulk-create'), attributes: groupAttributes })),
        }),
      }),
    }),
    ...accepted,
    run: async ({ body }, { ports, account, owner }) => {
      const at = `${pointer}/events-bulk-create/data`;
      const { data } = body.data.attributes['events-bulk-create'];
      const now = ports.clock.now();
      const groups = data.map(({ attributes }, index) => groupOfMany(attributes, now, `${at}/${index}/attributes`));
      refuseMany(groups, at);
      await recordGroups(ports, account, groups, limitsOf(owner));
      return { empty: true };
    },
  }),
];

/** Visitors are where their browser is. */
async function recordOfVisitor({ profile, events }: EventGroup, context: Context): Promise<void> {
  const group = { profile: { ...profile, ...seenIn(context) }, events };
  await recordGroups(context.ports, context.account, [group], { public: true, ...limitsOf(context.owner) });
}

/** What browsers record, behind the public company id. */
export const clientEventOperations: readonly Operation<Context>[] = [
  command({
    id: 'create_client_event',
    tag: 'Client',
    summary: 'Record an event from a browser; identifiers of a known profile stay as they are.',
    auth: 'public',
    scopes,
    tier: tiers.XL,
    path: '/client/events',
    body: oneEvent,
    ...accepted,
    run: async ({ body }, context) => {
      const group = groupOfEvent(body.data.attributes, context.ports.clock.now(), pointer);
      await recordOfVisitor(group, context);
      return { empty: true };
    },
  }),
  command({
    id: 'bulk_create_client_events',
    tag: 'Client',
    summary: 'Record up to 1,000 events of one profile from a browser.',
    auth: 'public',
    scopes,
    tier: tiers.M,
    path: '/client/event-bulk-create',
    body: oneGroup,
    ...accepted,
    run: async ({ body }, context) => {
      const group = groupOfMany(body.data.attributes, context.ports.clock.now(), pointer);
      refuseMany([group], `${pointer}/events/data`);
      await recordOfVisitor(group, context);
      return { empty: true };
    },
  }),
];
