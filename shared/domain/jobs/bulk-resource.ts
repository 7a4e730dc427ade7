// What the bulk jobs of catalogs and coupons look like: their errors stand in them.
import * as z from 'zod/mini';
import { list, maybe, text } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { errorsOfJob } from './errors.ts';
import { jobProgress, progressOf } from './progress.ts';

/** Errors told of one job: it has no more rows than that. */
const mostErrors = 1000;

/** The resource of a type of bulk jobs; `relationship` leads to what its rows were about, of the type `of`. */
export function bulkJobResource(type: string, relationship: string, of: string): ResourceType {
  return {
    type,
    path: `${type}s`,
    attributes: z.object({
      ...jobProgress,
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
      ...progressOf(job),
      errors: errors.map(({ row, code, title, detail, pointer }) => ({
        id: `${job.id}:${row}`,
        code,
        title,
        detail,
        source: { pointer },
      })),
    },
  };
}
