// `POST /x/flows/simulate`: a flow tried out on a person, or on the events of the last days, without sending.
import * as z from 'zod/mini';
import { bag, integer, list, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { command, requestDocument } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import { iso, sortable } from '../../kernel/time.ts';
import type { Context } from '../context.ts';
import { readProfile } from '../identity/index.ts';
import { define } from './define.ts';
import type { Flow } from './definition.ts';
import { readFlow } from './flow.ts';
import { requestedDefinition } from './requested.ts';
import { type Course, tryOut, tryOutOnEvents } from './simulate.ts';

const simulationResource: ResourceType = {
  type: 'flow-simulation',
  path: 'flow-simulations',
  attributes: z.object({
    /** People, or events, that were looked at. */
    looked_at: integer(),
    entered: integer(),
    /** How many did not come in, by the reason. */
    refused: bag(),
    /** In the order of the definition: what became of people at each action, counted. */
    actions: list(z.object({ action_id: text(), action_type: text(), outcomes: bag() })),
    /** Of one person: every step. */
    steps: maybe(list(z.object({ action_id: text(), at: timestamp(), does: text() }))),
  }),
};

export const simulateOperation: Operation<Context> = command({
  id: 'simulate_flow',
  tag: 'Flows',
  summary:
    'Try a flow, or another definition for it, on one person from now on or on the events of the last days, without sending.',
  scopes: ['flows:read', 'profiles:read', 'events:read'],
  tier: tiers.XS,
  path: '/x/flows/simulate',
  body: requestDocument('flow-simulation', {
    attributes: z.strictObject({
      flow_id: text(),
      definition: z.optional(requestedDefinition),
      profile_id: z.optional(text()),
      days: z.optional(integer({ min: 1, max: 31 })),
    }),
  }),
  status: 200,
  answers: { kind: 'resource', of: simulationResource },
  run: async ({ body }, { ports, account }) => {
    const { flow_id: id, definition, profile_id: profile, days = 31 } = body.data.attributes;
    const known = await readFlow(ports, account, id);
    const flow = definition
      ? { ...known, definition: await define(ports, account, definition, known.definition) }
      : known;
    if (profile === undefined && flow.definition.triggers[0].type !== 'metric') {
      throw refuse(
        'missing',
        'Only flows that a metric triggers have events to be tried on.',
        '/data/attributes/profile_id',
      );
    }
    if (profile === undefined) {
      return { resource: simulationDocument(flow, await tryOutOnEvents(ports, account, flow, days)) };
    }
    const { id: person } = await readProfile(ports, account, profile);
    const who = { profile: person, entered: sortable(ports.clock.now()) };
    const course = await tryOut(ports, account, flow, who);
    return { resource: simulationDocument(flow, [course], course) };
  },
});

const counted = (words: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));

function simulationDocument(flow: Flow, courses: readonly Course[], one?: Course): Resource {
  const refused = courses.flatMap((course) => ('refused' in course ? course.refused : []));
  const steps = courses.flatMap((course) => ('steps' in course ? course.steps : []));
  const byAction = Map.groupBy(steps, ({ action }) => action);
  return {
    type: simulationResource.type,
    id: flow.id,
    attributes: {
      looked_at: courses.length,
      entered: courses.length - refused.length,
      refused: counted(refused),
      actions: flow.definition.actions.map(({ id, type }) => ({
        action_id: id,
        action_type: type,
        outcomes: counted((byAction.get(id) ?? []).map(({ does }) => does)),
      })),
      steps:
        one && 'steps' in one
          ? one.steps.map(({ action, at, does }) => ({ action_id: action, at: iso(at), does }))
          : null,
    },
  };
}
