import type { Operation } from '../../jsonapi/operation.ts';
import type { Context } from '../context.ts';
import type { Related } from '../identity/index.ts';
import { flowActionOperations } from './action-resources.ts';
import { flowDocument, flowResource } from './documents.ts';
import { flowsTriggeredBy } from './flow.ts';
import { flowDefinitionOperations } from './resources.ts';
import { triggerOperations } from './trigger-operations.ts';

/** The operations on flows, their actions and messages, and what triggers them. */
export const flowOperations: readonly Operation<Context>[] = [
  ...flowDefinitionOperations,
  ...flowActionOperations,
  ...triggerOperations,
];

/** The flows that a metric, a list or a segment triggers: what other resources include as `flow-triggers`. */
export const flowTriggers: Related = {
  of: flowResource,
  load: async ({ ports, account }, id) =>
    (await flowsTriggeredBy(ports, account, id)).map((flow) => flowDocument(flow)),
};
