import * as z from 'zod/mini';
import { bag, maybe, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { iso, isoOf, second } from '../../kernel/time.ts';
import type { JobItem } from '../../storage/items.ts';
import type { RowError } from '../jobs/index.ts';

export const importJobResource: ResourceType = {
  type: 'profile-bulk-import-job',
  path: 'profile-bulk-import-jobs',
  attributes: z.object({
    status: z.enum(['cancelled', 'complete', 'processing', 'queued']),
    created_at: timestamp(),
    total_count: z.int(),
    completed_count: maybe(z.int()),
    failed_count: maybe(z.int()),
    completed_at: maybe(timestamp()),
    expires_at: maybe(timestamp()),
    started_at: maybe(timestamp()),
  }),
  relationships: {
    lists: { type: 'list', many: true },
    profiles: { type: 'profile', many: true },
    'import-errors': { type: 'import-error', many: true, relatedOnly: true },
  },
};

const instant = (time: string | undefined) => (time === undefined ? null : isoOf(time));

/** The job as the API shows it. */
export function importJobDocument(job: JobItem): Resource {
  return {
    type: importJobResource.type,
    id: job.id,
    attributes: {
      status: job.status,
      created_at: isoOf(job.created),
      total_count: job.total,
      completed_count: job.completed,
      failed_count: job.failed,
      completed_at: instant(job.finished),
      expires_at: iso(job.expires * second),
      started_at: instant(job.started),
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
