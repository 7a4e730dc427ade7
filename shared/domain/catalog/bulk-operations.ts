// Bulk jobs on the catalog: create, update and delete items, variants and categories (behaviour 7).
import * as z from 'zod/mini';
import type { Operation } from '../../jsonapi/operation.ts';
import type { CatalogJobType } from '../../storage/items.ts';
import { catalogKey } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { bulkJobOperations, bulkJobResource } from '../jobs/index.ts';
import { everyJob, names, ways } from './bulk-rows.ts';
import { L, XL } from './entry-operations.ts';
import { entryDocument, resourceOf } from './resources.ts';

/** Behaviour 7; the size of a request is that of all requests, 5 MB. */
const mostRows = 100;
const mostJobs = 500;

const bodyOf = (type: CatalogJobType, many: string, row: z.ZodMiniType) =>
  z.strictObject({
    data: z.strictObject({
      type: z.literal(`${type}-job`),
      attributes: z.strictObject({
        [many]: z.strictObject({
          data: z
            .array(row)
            .check(
              z.minLength(1, `Name at least one of the ${many}.`),
              z.maxLength(mostRows, `At most ${mostRows} ${many} fit in one job.`),
            ),
        }),
      }),
    }),
  });

function operationsOf({ kind, how, type }: (typeof everyJob)[number]): readonly Operation<Context>[] {
  const { many, called } = names[kind];
  const read = how === 'delete' || kind === 'catalog-category' ? XL : L;
  return bulkJobOperations({
    type,
    resource: bulkJobResource(`${type}-job`, many, kind),
    tag: 'Catalogs',
    scopes: { read: 'catalogs:read', write: 'catalogs:write' },
    tiers: { read, write: L },
    ids: {
      create: `bulk_${how}_catalog_${many}`,
      list: `get_bulk_${how}_${called}_jobs`,
      get: `get_bulk_${how}_${called}_job`,
    },
    does: `${how} up to ${mostRows} ${many}`,
    body: bodyOf(type, many, ways[kind][how].schema),
    rowsOf: (body) => body.data.attributes[many]?.data ?? [],
    most: mostJobs,
    made: {
      relationship: many,
      of: resourceOf[kind],
      ...(how !== 'delete' && {
        load: async ({ ports, account }: Context, ids: readonly string[]) => {
          const entries = await ports.store.getMany(ids.map((id) => catalogKey(account, kind, id)));
          return entries.flatMap((entry) => (entry ? [entryDocument(entry)] : []));
        },
      }),
    },
  });
}

export const catalogJobOperations: readonly Operation<Context>[] = everyJob.flatMap(operationsOf);
