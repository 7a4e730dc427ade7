// How far a bulk job is, as the API shows it of all of them.
import * as z from 'zod/mini';
import { maybe, timestamp } from '../../jsonapi/fields.ts';
import { iso, isoOf, second } from '../../kernel/time.ts';
import type { JobItem } from '../../storage/items.ts';

/**
 * The attributes of a job that say how far it is. Nothing cancels a job: the contract has no operation that does (only
 * sendings of campaigns can be cancelled), and one whose list is removed or whose rows are refused is completed, with what
 * became of each row. So `cancelled` is what a filter may ask for, and finds nothing.
 */
export const jobProgress = {
  status: z.enum(['cancelled', 'complete', 'processing', 'queued']),
  created_at: timestamp(),
  total_count: z.int(),
  completed_count: maybe(z.int()),
  failed_count: maybe(z.int()),
  completed_at: maybe(timestamp()),
  expires_at: maybe(timestamp()),
};

/** What they say of a job. */
export function progressOf({ status, created, total, completed, failed, finished, expires }: JobItem) {
  return {
    status,
    created_at: isoOf(created),
    total_count: total,
    completed_count: completed,
    failed_count: failed,
    completed_at: finished === undefined ? null : isoOf(finished),
    expires_at: iso(expires * second),
  };
}
