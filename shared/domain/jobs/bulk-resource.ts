// What the bulk jobs of catalogs and coupons look like: their errors stand in them.
import * as z from 'zod/mini';
import { list, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { iso, isoOf, second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { errorsOfJob } from './errors.ts';

/** Errors told of one job: it has no more rows than that. */
const mostErrors = 1000;

/** The resource of a type of bulk jobs; `relationship` leads to what its rows were about, of the type `of`. */
export function bulkJobResource(type: string, relationship: string, of: string): ResourceType {
  return {
    type,
    path: `${type}s`,
    attributes: z.object({
      status: z.enum(['cancelled', 'complete', 'processing', 'queued']),
      created_at: timestamp(),
      total_count: z.int(),
      completed_count: maybe(z.int()),
      failed_count: maybe(z.int()),
      completed_at: maybe(timestamp()),
      errors: maybe(
        list(
          z.object({
            id: text(),
            code: text(),
            title: text(),
            detail: text(),
            source: z.object({ pointer: maybe(text()) }),
          }),
        ),
      ),
      expires_at: maybe(timestamp()),
    }),
    relationships: { [relationship]: { type: of, many: true, linked: false } },
  };
}

/** The job as the API shows it, with what was wrong with its rows. */
export async function bulkJobDocument(
  ports: Ports,
  account: AccountId,
  { type }: ResourceType,
  job: JobItem,
): Promise<Resource> {
  const { errors } = job.failed > 0 ? await errorsOfJob(ports, account, job, { size: mostErrors }) : { errors: [] };
  return {
    type,
    id: job.id,
    attributes: {
      status: job.status,
      created_at: isoOf(job.created),
      total_count: job.total,
      completed_count: job.completed,
      failed_count: job.failed,
      completed_at: job.finished === undefined ? null : isoOf(job.finished),
      errors: errors.map(({ row, code, title, detail, pointer }) => ({
        id: `${job.id}:${row}`,
        code,
        title,
        detail,
        source: { pointer },
      })),
      expires_at: iso(job.expires * second),
    },
  };
}
