// Bulk import of profiles: the job, its lists, its profiles, and what was wrong with its rows.
import * as z from 'zod/mini';
import { maybe } from '../../jsonapi/fields.ts';
import { type Operation, type QuerySpec, idOf } from '../../jsonapi/operation.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { command, get, linkage, list, relatedMany, relationship, requestDocument } from '../../jsonapi/verbs/index.ts';
import type { JobItem } from '../../storage/items.ts';
import { definitionKey, profileKey } from '../../storage/patterns.ts';
import { listDocument, listResource, readList } from '../consent/index.ts';
import type { Context } from '../context.ts';
import {
  importAttributes,
  largestProfile,
  oneWithRelated,
  profileDocument,
  profileMeta,
  profileResource,
  refuseLarge,
} from '../identity/index.ts';
import { createJob, errorsOfJob, jobFilters, listJobs, readJob } from '../jobs/index.ts';
import { profilesOfJob } from './profiles.ts';
import { importErrorDocument, importErrorResource, importJobDocument, importJobResource } from './resources.ts';
import { type ImportJob, rowPointer } from './work.ts';

const stated = { tag: 'Profiles', tier: { burst: '10/s', steady: '150/m' }, resource: importJobResource } as const;
const fields: QuerySpec = { fieldsOf: [importJobResource] };
const page = { default: 20, max: 100 };

const importBody = requestDocument('profile-bulk-import-job', {
  attributes: z.strictObject({
    profiles: z.strictObject({
      data: z
        .array(
          z.strictObject({
            type: z.literal('profile'),
            id: maybe(z.string()),
            attributes: importAttributes,
            meta: z.optional(profileMeta),
          }),
        )
        .check(
          z.minLength(1, 'Name at least one profile.'),
          z.maxLength(10_000, 'At most 10000 profiles fit in one job.'),
        ),
    }),
  }),
  relationships: z.optional(
    z.strictObject({
      lists: z.optional(
        z.strictObject({
          data: z.optional(z.array(linkage('list')).check(z.maxLength(1, 'A job imports to one list at most.'))),
        }),
      ),
    }),
  ),
});

const jobNamed = ({ ports, account }: Context, id: string): Promise<JobItem> =>
  readJob(ports, account, { type: 'import', id, called: importJobResource.type });

/** The list that the job imports to, unless it has none or the list is there no more. */
async function listsOf({ ports, account }: Context, job: JobItem): Promise<Resource[]> {
  if (job.list === undefined) return [];
  const item = await ports.store.get(definitionKey(account, 'list', job.list));
  return item ? [listDocument(item)] : [];
}

export const importOperations: readonly Operation<Context>[] = [
  command({
    ...stated,
    id: 'bulk_import_profiles',
    summary: 'Create or update up to 10,000 profiles in the background, and put them on a list if one is named.',
    scopes: ['lists:write', 'profiles:write'],
    path: '/api/profile-bulk-import-jobs',
    query: fields,
    body: importBody,
    status: 202,
    answers: { kind: 'resource', of: importJobResource },
    run: async ({ body }, { ports, account }) => {
      const rows = body.data.attributes.profiles.data;
      for (const [row, profile] of rows.entries()) {
        refuseLarge(profile, { pointer: rowPointer(row), largest: largestProfile });
      }
      const [to] = body.data.relationships?.lists?.data ?? [];
      if (to !== undefined) await readList(ports, account, to.id);
      const input: ImportJob = { rows };
      const job = { type: 'import', total: rows.length, input, ...(to !== undefined && { list: to.id }) } as const;
      return { resource: importJobDocument(await createJob(ports, account, job)) };
    },
  }),
  list({
    ...stated,
    id: 'get_bulk_import_profiles_jobs',
    summary: 'The import jobs of the last seven days, newest first.',
    scopes: ['lists:read', 'profiles:read'],
    query: { ...fields, filter: { status: jobFilters.status }, sort: ['created_at'], page },
    run: async ({ query }, { ports, account }) => {
      const { jobs, next } = await listJobs(ports, account, 'import', query);
      return { page: { resources: jobs.map(importJobDocument), ...(next !== undefined && { next }) } };
    },
  }),
  get({
    ...stated,
    id: 'get_bulk_import_profiles_job',
    summary: 'One import job: how far it came, and with its list when asked.',
    scopes: ['lists:read', 'profiles:read'],
    path: '/api/profile-bulk-import-jobs/{job_id}',
    query: { ...fields, include: { lists: listResource } },
    run: async ({ params, query }, context) => {
      const job = await jobNamed(context, params['job_id'] ?? '');
      const lists = { of: listResource, load: () => listsOf(context, job) };
      return oneWithRelated(context, importJobDocument(job), { lists }, query.include);
    },
  }),
  relatedMany({
    ...stated,
    id: 'get_list_for_bulk_import_profiles_job',
    summary: 'The list that a job imports to.',
    scopes: ['lists:read'],
    relationship: 'lists',
    of: listResource,
    query: { fieldsOf: [listResource] },
    run: async (input, context) => ({
      page: { resources: await listsOf(context, await jobNamed(context, idOf(input))) },
    }),
  }),
  relationship({
    ...stated,
    id: 'get_list_ids_for_bulk_import_profiles_job',
    summary: 'The id of the list that a job imports to.',
    scopes: ['lists:read'],
    relationship: 'lists',
    of: 'list',
    many: true,
    run: async (input, context) => {
      const lists = await listsOf(context, await jobNamed(context, idOf(input)));
      return { linkage: lists.map(({ type, id }) => ({ type, id })) };
    },
  }),
  relatedMany({
    ...stated,
    id: 'get_profiles_for_bulk_import_profiles_job',
    summary: 'The profiles that a job created or changed, in the order of its rows; people deleted since are left out.',
    scopes: ['profiles:read'],
    relationship: 'profiles',
    of: profileResource,
    query: { fieldsOf: [profileResource], additionalOf: profileResource, page },
    run: async (input, context) => {
      const { ports, account } = context;
      const job = await jobNamed(context, idOf(input));
      const { profiles, next } = await profilesOfJob(ports, account, job, input.query.page);
      const items = await ports.store.getMany(profiles.map((id) => profileKey(account, id)));
      const resources = items.flatMap((item) => (item ? [profileDocument(item, input.query)] : []));
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
  relationship({
    ...stated,
    id: 'get_profile_ids_for_bulk_import_profiles_job',
    summary: 'The ids of the profiles that a job created or changed.',
    scopes: ['profiles:read'],
    relationship: 'profiles',
    of: 'profile',
    many: true,
    query: { page },
    run: async (input, context) => {
      const job = await jobNamed(context, idOf(input));
      const { profiles, next } = await profilesOfJob(context.ports, context.account, job, input.query.page);
      return { linkage: profiles.map((id) => ({ type: 'profile', id })), ...(next !== undefined && { next }) };
    },
  }),
  relatedMany({
    ...stated,
    id: 'get_errors_for_bulk_import_profiles_job',
    summary: 'What was wrong with the rows that a job refused.',
    scopes: ['profiles:read'],
    relationship: 'import-errors',
    of: importErrorResource,
    query: { fieldsOf: [importErrorResource], page },
    run: async (input, context) => {
      const job = await jobNamed(context, idOf(input));
      const { errors, next } = await errorsOfJob(context.ports, context.account, job, input.query.page);
      const resources = errors.map((error) => importErrorDocument(job, error));
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
];
