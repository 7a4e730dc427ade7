// What the bulk jobs on the catalog do with a row: create, update or delete an item, a variant or a category.
import type * as z from 'zod/mini';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { CatalogKind } from '../../storage/items.ts';
import type { Write } from '../../storage/store.ts';
import { createCategory, updateCategory } from './category.ts';
import { compoundId } from './compound-id.ts';
import { removeEntry } from './entries.ts';
import { categoryRequests, itemRequests, variantRequests } from './requests.ts';
import { createItem, createVariant, updateItem, updateVariant } from './sold.ts';

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

export const ways: Readonly<Record<CatalogKind, Readonly<Record<How, AnyWay>>>> = {
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
export const names = {
  'catalog-item': { many: 'items', called: 'catalog_items' },
  'catalog-variant': { many: 'variants', called: 'variants' },
  'catalog-category': { many: 'categories', called: 'categories' },
} as const satisfies Record<CatalogKind, object>;

const kinds = ['catalog-item', 'catalog-variant', 'catalog-category'] as const;
const hows = ['create', 'update', 'delete'] as const;
/** Every type of jobs on the catalog. */
export const everyJob = kinds.flatMap((kind) =>
  hows.map((how) => ({ kind, how, type: `${kind}-bulk-${how}` as const })),
);
