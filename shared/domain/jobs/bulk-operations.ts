// The operations of a type of bulk jobs: ask for one, look at them, look at one with what it made.
import type * as z from 'zod/mini';
import type { Operation, Tier } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { command, get, list } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { bulkJobDocument } from './bulk-resource.ts';
import { createJob } from './create.ts';
import { jobFilters, listJobs } from './list.ts';
import { type JobType, readJob } from './read.ts';
import { rowsDone } from './rows.ts';

export interface BulkJobs<Body> {
  type: JobType;
  resource: ResourceType;
  tag: string;
  scopes: { read: string; write: string };
  tiers: { read: Tier; write: Tier };
  /** The names of the operations. */
  ids: { create: string; list: string; get: string };
  /** What a job does, in words: `create up to 100 items`. */
  does: string;
  body: z.ZodMiniType<Body>;
  /** The rows of a request, as they are worked on. */
  rowsOf: (body: Body) => readonly unknown[];
  /** Jobs of the type that may be in progress. */
  most: number;
  /** What the rows were about. */
  made: {
    relationship: string;
    of: ResourceType;
    /** Loads what there is of it by now; absent: it cannot be included. */
    load?: (context: Context, ids: readonly string[]) => Promise<readonly Resource[]>;
  };
}

/** The three operations of a type of bulk jobs. */
export function bulkJobOperations<Body>(jobs: BulkJobs<Body>): readonly Operation<Context>[] {
  const { type, resource, tag, scopes, tiers, ids, does, body, rowsOf, most, made } = jobs;
  const query = { fieldsOf: [resource] };
  const reads = { tag, resource, scopes: [scopes.read], tier: tiers.read };
  const path = `/api/${resource.path ?? ''}`;
  return [
    list({
      ...reads,
      id: ids.list,
      summary: `The jobs of the last seven days that ${does}, newest first.`,
      query: { ...query, filter: { status: jobFilters.bulk_status }, page: { default: 100 } },
      run: async ({ query: asked }, { ports, account }) => {
        const page = await listJobs(ports, account, type, asked);
        const resources = await Promise.all(page.jobs.map((job) => bulkJobDocument(ports, account, resource, job)));
        return { page: { resources, ...(page.next !== undefined && { next: page.next }) } };
      },
    }),
    command({
      tag,
      id: ids.create,
      summary: `Have a job ${does} in the background.`,
      scopes: [scopes.write],
      tier: tiers.write,
      path,
      query,
      body,
      status: 202,
      answers: { kind: 'resource', of: resource },
      run: async (input, { ports, account }) => {
        const rows = rowsOf(input.body);
        const job = await createJob(ports, account, { type, total: rows.length, input: { rows }, most });
        return { resource: await bulkJobDocument(ports, account, resource, job) };
      },
    }),
    get({
      ...reads,
      id: ids.get,
      summary: `One job that ${does}: how far it came, and what it refused.`,
      path: `${path}/{job_id}`,
      query: { ...query, ...(made.load && { include: { [made.relationship]: made.of } }) },
      run: async (input, context) => {
        const { ports, account } = context;
        const id = input.params['job_id'] ?? '';
        const job = await readJob(ports, account, { type, id, called: resource.type });
        const done = await rowsDone(ports, account, job);
        const shown = await bulkJobDocument(ports, account, resource, job);
        const linkage = done.map((about) => ({ type: made.of.type, id: about }));
        const included = input.query.include.size > 0 ? await made.load?.(context, done) : undefined;
        return {
          resource: { ...shown, relationships: { [made.relationship]: linkage } },
          ...(included && { included }),
        };
      },
    }),
  ];
}
