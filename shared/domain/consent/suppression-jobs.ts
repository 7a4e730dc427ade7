// Suppressing by hand and taking it back, in bulk: three operations each, alike but for their names.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { integer, maybe } from '../../jsonapi/fields.ts';
import type { Operation, QuerySpec } from '../../jsonapi/operation.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { command, get, linkage, list, requestDocument } from '../../jsonapi/verbs/index.ts';
import { readDefinition } from '../../storage/definitions.ts';
import type { JobItem } from '../../storage/items.ts';
import type { Context } from '../context.ts';
import { identifierOf } from '../identity/index.ts';
import { createJob, jobProgress, listJobs, progressOf, readJob } from '../jobs/index.ts';
import { rowPointer } from './rows.ts';
import type { SuppressionJob } from './suppress.ts';

const attributes = z.object({
  status: jobProgress.status,
  created_at: jobProgress.created_at,
  total_count: jobProgress.total_count,
  completed_count: jobProgress.completed_count,
  completed_at: jobProgress.completed_at,
  skipped_count: maybe(integer()),
});

const group = <Type extends string>(type: Type) => z.optional(z.strictObject({ data: z.optional(linkage(type)) }));

/** What tells the two kinds of jobs apart. */
interface Kind {
  job: 'suppress' | 'unsuppress';
  type: string;
  scopes: readonly string[];
  does: string;
}

function resourceOf({ type }: Kind): ResourceType {
  return {
    type,
    path: `${type}s`,
    attributes,
    relationships: {
      lists: { type: 'list', many: true, linked: false },
      segments: { type: 'segment', many: true, linked: false },
    },
  };
}

function document({ type }: Kind, job: JobItem): Resource {
  const { status, created_at, total_count, completed_count, completed_at } = progressOf(job);
  return {
    type,
    id: job.id,
    attributes: { status, created_at, total_count, completed_count, completed_at, skipped_count: job.skipped },
    relationships: {
      lists: job.list === undefined ? [] : [{ type: 'list', id: job.list }],
      segments: job.segment === undefined ? [] : [{ type: 'segment', id: job.segment }],
    },
  };
}

const bodyOf = ({ type }: Kind) =>
  requestDocument(type, {
    attributes: z.strictObject({
      profiles: maybe(
        z.strictObject({
          data: z
            .array(z.strictObject({ type: z.literal('profile'), attributes: z.strictObject({ email: z.string() }) }))
            .check(
              z.minLength(1, 'Name at least one profile.'),
              z.maxLength(100, 'At most 100 profiles fit in one job.'),
            ),
        }),
      ),
    }),
    relationships: z.optional(z.strictObject({ list: group('list'), segment: group('segment') })),
  });

type Body = z.infer<ReturnType<typeof bodyOf>>;

/** What a job is about: addresses, or one list, or one segment, that must be there. */
async function aboutOf({ data }: Body, { ports, account }: Context) {
  const emails = data.attributes.profiles?.data;
  const listId = data.relationships?.list?.data?.id;
  const segmentId = data.relationships?.segment?.data?.id;
  if ([emails, listId, segmentId].filter((one) => one !== undefined).length !== 1) {
    throw refuse('invalid', 'Name profiles, or one list, or one segment.', '/data');
  }
  const input: SuppressionJob = emails
    ? { emails: emails.map((one, row) => addressOf(one.attributes.email, row)) }
    : {};
  if (listId !== undefined) await readDefinition(ports.store, account, 'list', listId);
  if (segmentId !== undefined) await readDefinition(ports.store, account, 'segment', segmentId);
  return {
    input,
    total: emails?.length ?? 0,
    ...(listId !== undefined && { list: listId }),
    ...(segmentId !== undefined && { segment: segmentId }),
  };
}

const addressOf = (email: string, row: number) => identifierOf('email', email, `${rowPointer(row)}/attributes/email`);

const tier = { burst: '75/s', steady: '750/m' };

function operationsOf(kind: Kind): readonly Operation<Context>[] {
  const { job, does } = kind;
  const resource = resourceOf(kind);
  const query: QuerySpec = { fieldsOf: [resource] };
  const reading = { tag: 'Profiles', scopes: ['subscriptions:read'], tier, resource };
  return [
    command({
      id: `bulk_${job}_profiles`,
      tag: 'Profiles',
      summary: `${does} up to 100 addresses, or all who are on a list or in a segment now.`,
      scopes: kind.scopes,
      tier,
      query,
      path: `/api/${kind.type}s`,
      body: bodyOf(kind),
      status: 202,
      answers: { kind: 'resource', of: resource },
      run: async ({ body }, context) => {
        const about = await aboutOf(body, context);
        const item = await createJob(context.ports, context.account, { type: job, ...about });
        return { resource: document(kind, item) };
      },
    }),
    list({
      ...reading,
      id: `get_bulk_${job}_profiles_jobs`,
      summary: 'These jobs of the last days, newest first unless sorted.',
      query: {
        ...query,
        filter: {
          status: { operators: ['equals'], type: 'string', values: jobProgress.status.options },
          list_id: { operators: ['equals'], type: 'string' },
          segment_id: { operators: ['equals'], type: 'string' },
        },
        sort: ['created'],
        page: { default: 20 },
      },
      run: async (input, { ports, account }) => {
        const { jobs, next } = await listJobs(ports, account, job, input.query);
        const resources = jobs.map((one) => document(kind, one));
        return { page: { resources, ...(next !== undefined && { next }) } };
      },
    }),
    get({
      ...reading,
      id: `get_bulk_${job}_profiles_job`,
      summary: 'One of these jobs: how far it came.',
      query,
      path: `/api/${kind.type}s/{job_id}`,
      run: async ({ params }, { ports, account }) => {
        const item = await readJob(ports, account, { type: job, id: params['job_id'] ?? '', called: kind.type });
        return { resource: document(kind, item) };
      },
    }),
  ];
}

export const suppressionOperations: readonly Operation<Context>[] = [
  ...operationsOf({
    job: 'suppress',
    type: 'profile-suppression-bulk-create-job',
    scopes: ['profiles:write', 'subscriptions:write'],
    does: 'Suppress',
  }),
  ...operationsOf({
    job: 'unsuppress',
    type: 'profile-suppression-bulk-delete-job',
    scopes: ['subscriptions:write'],
    does: 'Take back the suppression by hand of',
  }),
];
