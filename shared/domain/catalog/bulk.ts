// Bulk jobs on the catalog: create, update and delete items, variants and categories (behaviour 7).
import * as z from 'zod/mini';
import type { Operation } from '../../jsonapi/operation.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogJobType, CatalogKind } from '../../storage/items.ts';
import { catalogKey } from '../../storage/patterns.ts';
import type { Write } from '../../storage/store.ts';
import type { Context } from '../context.ts';
import { type JobWorker, applyRows, bulkJobOperations, bulkJobResource, inputOf, workOnJob } from '../jobs/index.ts';
import { createCategory, updateCategory } from './category.ts';
import { compoundId } from './compound-id.ts';
import { removeEntry } from './entries.ts';
import { L, XL } from './entry-operations.ts';
import { categoryRequests, itemRequests, variantRequests } from './requests.ts';
import { entryDocument, resourceOf } from './resources.ts';
import { createItem, createVariant, updateItem, updateVariant } from './sold.ts';

/** Behaviour 7; the size of a request is that of all requests, 5 MB. */
const mostRows = 100;
const mostJobs = 500;

type Apply<Row> = (ports: Ports, account: AccountId, row: Row, alongside: readonly Write[]) => Promise<unknown>;

interface Way<Row> {
  schema: z.ZodMiniType<Row>;
  about: (row: Row) => string;
  apply: Apply<Row>;
}

type How = 'create' | 'update' | 'delete';
/** Rows are parsed when the job is asked for; its input holds what the schema let through. */
type AnyWay = Way<never>;

const way = <Row>(one: Way<Row>) => one as unknown as AnyWay;
const aboutNew = ({ attributes }: { attributes: { external_id: string } }) => compoundId(attributes.external_id);
const aboutId = ({ id }: { id: string }) => id;

const removal = <Kind extends CatalogKind>(kind: Kind, schema: z.ZodMiniType<{ type: Kind; id: string }>) =>
  way({
    schema,
    about: aboutId,
    apply: (ports, account, { id }, alongside) => removeEntry(ports, account, { kind, id }, alongside),
  });

const ways: Readonly<Record<CatalogKind, Readonly<Record<How, AnyWay>>>> = {
  'catalog-item': {
    create: way({ schema: itemRequests.create, about: aboutNew, apply: createItem }),
    update: way({ schema: itemRequests.update, about: aboutId, apply: updateItem }),
    delete: removal('catalog-item', itemRequests.remove),
  },
  'catalog-variant': {
    create: way({ schema: variantRequests.create, about: aboutNew, apply: createVariant }),
    update: way({ schema: variantRequests.update, about: aboutId, apply: updateVariant }),
    delete: removal('catalog-variant', variantRequests.remove),
  },
  'catalog-category': {
    create: way({ schema: categoryRequests.create, about: aboutNew, apply: createCategory }),
    update: way({ schema: categoryRequests.update, about: aboutId, apply: updateCategory }),
    delete: removal('catalog-category', categoryRequests.remove),
  },
};

/** How a kind is called in requests and in the names of operations. */
const names = {
  'catalog-item': { many: 'items', called: 'catalog_items' },
  'catalog-variant': { many: 'variants', called: 'variants' },
  'catalog-category': { many: 'categories', called: 'categories' },
} as const satisfies Record<CatalogKind, object>;

const kinds = ['catalog-item', 'catalog-variant', 'catalog-category'] as const;
const hows = ['create', 'update', 'delete'] as const;
const every = kinds.flatMap((kind) => hows.map((how) => ({ kind, how, type: `${kind}-bulk-${how}` as CatalogJobType })));

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

function operationsOf({ kind, how, type }: (typeof every)[number]): readonly Operation<Context>[] {
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

export const catalogJobOperations: readonly Operation<Context>[] = every.flatMap(operationsOf);

const workerOf =
  ({ kind, how, type }: (typeof every)[number]): JobWorker =>
  (ports, account, turn) =>
    workOnJob(ports, account, { ...turn, type }, async (job) => {
      const { rows } = (await inputOf(ports, job)) as { rows: readonly never[] };
      const { about, apply } = ways[kind][how];
      const pointer = (row: number) => `/data/attributes/${names[kind].many}/data/${row}`;
      return applyRows(ports, account, job, {
        rows,
        about,
        pointer,
        apply: (row, once) => apply(ports, account, row, [once]),
      });
    });

/** Works on the catalog's jobs. */
export const catalogWorkers = Object.fromEntries(every.map((one) => [one.type, workerOf(one)])) as Readonly<
  Record<CatalogJobType, JobWorker>
>;
