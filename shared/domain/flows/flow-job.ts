// How far a job of a flow is: shown alike, whatever the job does.
import * as z from 'zod/mini';
import { integer, maybe, text } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobProgress, progressOf } from '../jobs/index.ts';

/** The resource of a kind of jobs; `skipped_count` is what was looked at and left as it was. */
export const flowJobResource = (type: string): ResourceType => ({
  type,
  path: `${type}s`,
  attributes: z.object({ ...jobProgress, flow_id: maybe(text()), skipped_count: integer() }),
});

/** A job as that resource. */
export const flowJobDocument = ({ type }: ResourceType, job: JobItem): Resource => ({
  type,
  id: job.id,
  attributes: { ...progressOf(job), flow_id: job.flow ?? null, skipped_count: job.skipped },
});
