import type { Operation } from '../../jsonapi/operation.ts';
import type { Context } from '../context.ts';
import type { Related } from '../identity/index.ts';
import { flowActionOperations } from './action-resources.ts';
import { flowDocument, flowResource } from './documents.ts';
import { flowsTriggeredBy } from './flow.ts';
import { flowDefinitionOperations } from './resources.ts';

/** The operations on flows, their actions and their messages. */
export const flowOperations: readonly Operation<Context>[] = [...flowDefinitionOperations, ...flowActionOperations];

/** The flows that a metric, a list or a segment triggers: what other resources include as `flow-triggers`. */
export const flowTriggers: Related = {
  of: flowResource,
  load: async ({ ports, account }, id) =>
    (await flowsTriggeredBy(ports, account, id)).map((flow) => flowDocument(flow)),
};
