// `GET /x/flows/{id}/export` and `POST /x/flows/import`: a flow as one file. What is answered is what is taken.
import * as z from 'zod/mini';
import { text } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { create, get } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { definedFlowResource, flowDocument } from './documents.ts';
import { readFlow } from './flow.ts';
import { exportFlow, importFlow, portableFlow } from './portable.ts';

const shared = { tag: 'Flows', tier: tiers.XS };

const fileResource: ResourceType = { type: 'flow-file', path: 'flow-files', attributes: portableFlow };

const anything = z.optional(z.unknown());

/** A file as it was answered: its links and its id come along, and say nothing. */
const file = z.strictObject({
  data: z.strictObject({
    type: z.literal('flow-file'),
    id: z.optional(text()),
    attributes: portableFlow,
    links: anything,
    relationships: anything,
  }),
  links: anything,
});

export const portableOperations: readonly Operation<Context>[] = [
  get({
    ...shared,
    id: 'export_flow',
    summary:
      'A flow as one file: its definition, the templates that it sends, the names of the metrics, lists and segments that it leans on.',
    scopes: ['flows:read', 'templates:read'],
    resource: fileResource,
    path: '/x/flows/{id}/export',
    query: { fieldsOf: [fileResource] },
    run: async (input, { ports, account }) => {
      const flow = await readFlow(ports, account, idOf(input));
      return {
        resource: { type: fileResource.type, id: flow.id, attributes: { ...(await exportFlow(ports, account, flow)) } },
      };
    },
  }),
  create({
    ...shared,
    id: 'import_flow',
    summary: 'Make the flow of such a file, as a draft; refuses, by name, what the account lacks.',
    scopes: ['flows:write', 'templates:write'],
    resource: definedFlowResource,
    path: '/x/flows/import',
    query: { fieldsOf: [definedFlowResource], additionalOf: definedFlowResource },
    body: file,
    run: async ({ body }, { ports, account }) => {
      const flow = await importFlow(ports, account, body.data.attributes);
      return { resource: flowDocument(flow, { definition: true }) };
    },
  }),
];
