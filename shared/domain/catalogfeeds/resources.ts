// What feeds of the catalog, their runs and the reports of these look like.
import * as z from 'zod/mini';
import { flag, integer, maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobProgress, progressOf } from '../jobs/index.ts';
import type { Outcome } from './compare.ts';
import { feedFields } from './row.ts';
import { vanishings } from './stored.ts';

const own = text({ min: 1, max: 500 });

/** What a feed is told by, each on its own. */
export const told = {
  name: text({ min: 1, max: 255 }),
  url: text({ min: 1, max: 2000 }),
  format: oneOf('json', 'xml'),
  items_path: z.nullable(own),
  mapping: z.strictObject(Object.fromEntries(feedFields.map((field) => [field, maybe(own)]))),
  vanished: oneOf(...vanishings),
  interval_hours: integer({ min: 1, max: 168 }),
  active: flag(),
};

export const feedResource: ResourceType = {
  type: 'catalog-feed',
  path: 'catalog-feeds',
  root: 'x',
  attributes: z.object({
    ...told,
    last_run_id: maybe(text()),
    next_run_at: maybe(timestamp()),
    created: timestamp(),
    updated: timestamp(),
  }),
};

export const runResource: ResourceType = {
  type: 'catalog-feed-run',
  path: 'catalog-feed-runs',
  root: 'x',
  attributes: z.object({
    ...jobProgress,
    feed_id: text(),
    /** Why nothing of the document was applied, or no more of it; null when it was. */
    refusal: maybe(text()),
    created_items: integer(),
    updated_items: integer(),
    unchanged_items: integer(),
    unpublished_items: integer(),
    deleted_items: integer(),
  }),
};

export function runDocument(job: JobItem): Resource {
  const { feed = '', refusal = null } = job;
  return {
    type: runResource.type,
    id: job.id,
    attributes: {
      ...progressOf(job),
      feed_id: feed,
      refusal,
      created_items: job.created_items ?? 0,
      updated_items: job.updated_items ?? 0,
      unchanged_items: job.unchanged_items ?? 0,
      unpublished_items: job.unpublished_items ?? 0,
      deleted_items: job.deleted_items ?? 0,
    },
  };
}

export const changeResource: ResourceType = {
  type: 'catalog-feed-change',
  attributes: z.object({
    change: oneOf('created', 'updated', 'unpublished', 'deleted', 'refused'),
    external_id: maybe(text()),
    /** Where the object stands in the document, from 0. */
    place: maybe(integer()),
    detail: maybe(text()),
  }),
};

export const changeDocument = ({ change, id, place, detail }: Outcome, of: string): Resource => ({
  type: changeResource.type,
  id: of,
  attributes: { change, external_id: id ?? null, place: place ?? null, detail: detail ?? null },
});
