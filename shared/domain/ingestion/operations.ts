// The ingestion log: what became of everything that was told (docs/ingestion.md).
import { type Operation, tiers } from '../../jsonapi/operation.ts';
import { list } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { ingestionQuery, listTold } from './list.ts';
import { ingestionResource, recordOf } from './records.ts';

export const ingestionOperations: readonly Operation<Context>[] = [
  list({
    id: 'get_ingestion_records',
    tag: 'Events',
    summary: 'What became of what was told: accepted, recognised as a duplicate, or refused after acceptance, and why.',
    scopes: ['events:read', 'profiles:read'],
    tier: tiers.M,
    resource: ingestionResource,
    path: '/x/ingestion',
    query: { fieldsOf: [ingestionResource], ...ingestionQuery },
    run: async ({ query }, { ports, account }) => {
      const { items, metrics, next } = await listTold(ports, account, query);
      const resources = items.map((item) => recordOf(account, item, metrics));
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
];
