import * as z from 'zod/mini';
import { bag, maybe, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import type { JobItem } from '../../storage/items.ts';
import { type RowError, jobProgress, progressOf } from '../jobs/index.ts';

export const importJobResource: ResourceType = {
  type: 'profile-bulk-import-job',
  path: 'profile-bulk-import-jobs',
  attributes: z.object({
    ...jobProgress,
    started_at: maybe(timestamp()),
  }),
  relationships: {
    lists: { type: 'list', many: true },
    profiles: { type: 'profile', many: true },
    'import-errors': { type: 'import-error', many: true, relatedOnly: true },
  },
};

/** The job as the API shows it. */
export function importJobDocument(job: JobItem): Resource {
  return {
    type: importJobResource.type,
    id: job.id,
    attributes: {
      ...progressOf(job),
      started_at: job.started === undefined ? null : isoOf(job.started),
    },
  };
}

export const importErrorResource: ResourceType = {
  type: 'import-error',
  attributes: z.object({
    code: z.string(),
    title: z.string(),
    detail: z.string(),
    source: z.object({ pointer: maybe(z.string()) }),
    original_payload: maybe(bag()),
  }),
};

/** Why a row of the job was refused, with the row as it was sent. */
export function importErrorDocument(job: JobItem, { row, code, title, detail, pointer, payload }: RowError): Resource {
  return {
    type: importErrorResource.type,
    id: `${job.id}:${row}`,
    attributes: { code, title, detail, source: { pointer }, original_payload: payload },
  };
}
