// `POST /x/flows/{id}/back-populate`: put in who met the trigger before.
import * as z from 'zod/mini';
import { integer, oneOf } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { command, get, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { createJob, readJob } from '../jobs/index.ts';
import type { BackPopulation } from './back-populate.ts';
import type { Flow } from './definition.ts';
import { flowJobDocument, flowJobResource } from './flow-job.ts';
import { readFlow } from './flow.ts';
import { isOpen } from './trigger.ts';

const resource = flowJobResource('flow-back-population');

const attributes = z.strictObject({
  days: z.optional(integer({ min: 1, max: 365 })),
  enters: z.optional(oneOf('beginning', 'throughout')),
});

const place = '/data/attributes';

/** What is asked for, as it fits the trigger of the flow; refuses what does not. */
function asked(flow: Flow, { days, enters }: z.infer<typeof attributes>): BackPopulation {
  const [{ type }] = flow.definition.triggers;
  if (type !== 'metric' && type !== 'list' && type !== 'segment') {
    throw refuse('not_allowed', `Nobody is added to a flow with the trigger ${type}: it looks ahead only.`, '/data');
  }
  if (!isOpen(flow)) throw refuse('invalid', 'The flow lets nobody in: make it, and something in it, live.', '/data');
  const ofEvents = type === 'metric';
  if (ofEvents && enters === 'beginning') {
    throw refuse('invalid', 'People enter where they would be by now since their event.', `${place}/enters`);
  }
  if (!ofEvents && days !== undefined) {
    throw refuse('invalid', 'Members of lists and segments are all added: days are of events.', `${place}/days`);
  }
  // Without a wait everyone would be through (behaviour 5.5).
  if (ofEvents && !flow.definition.actions.some((action) => action.type === 'time-delay')) {
    throw refuse('invalid', 'A flow without a delay has nowhere to put people in.', '/data');
  }
  return { flow: flow.id, days: days ?? 30, enters: enters ?? (ofEvents ? 'throughout' : 'beginning') };
}

const stated = { tag: 'Flows', tier: tiers.XS };

export const backPopulateOperations: readonly Operation<Context>[] = [
  command({
    ...stated,
    id: 'back_populate_flow',
    summary:
      'Put people into a flow who met its trigger before: by the events of the last days, or the members of its list or segment.',
    scopes: ['flows:write', 'profiles:read'],
    path: '/x/flows/{id}/back-populate',
    query: { fieldsOf: [resource] },
    body: requestDocument(resource.type, { attributes }),
    status: 202,
    answers: { kind: 'resource', of: resource },
    run: async (input, { ports, account }) => {
      const flow = await readFlow(ports, account, idOf(input));
      const wish = asked(flow, input.body.data.attributes);
      const job = { type: 'back-populate', total: 0, input: wish, flow: flow.id, most: 1 } as const;
      return { resource: flowJobDocument(resource, await createJob(ports, account, job)) };
    },
  }),
  get({
    ...stated,
    id: 'get_flow_back_population',
    summary: 'How far people are put into a flow.',
    scopes: ['flows:read'],
    resource,
    path: '/x/flow-back-populations/{id}',
    query: { fieldsOf: [resource] },
    run: async (input, { ports, account }) => {
      const named = { type: 'back-populate', id: idOf(input), called: resource.type } as const;
      return { resource: flowJobDocument(resource, await readJob(ports, account, named)) };
    },
  }),
];
