// What a catalog consists of; see items.ts.
import type { Item } from './store.ts';

/** What every entry of a catalog has. */
export interface CatalogEntry extends Item {
  /** `$custom:::$default:::external id` */
  id: string;
  /** Another one for each making: what points at an entry that was removed does not point at its successor. */
  uid: string;
  /** Raised by every write; the optimistic lock. */
  version: number;
  created: string;
  updated: string;
  gpk: string;
  gsk: string;
}

/** What items and variants show. */
interface Sold extends CatalogEntry {
  title: string;
  description: string;
  url: string;
  image_full_url?: string;
  image_thumbnail_url?: string;
  images?: string[];
  /** JSON: custom metadata. */
  metadata?: string;
  published: boolean;
}

export interface CatalogItemItem extends Sold {
  kind: 'catalog-item';
  price?: number;
  /** The feed that says what it is, until that names it no more: no other feed changes it. */
  feed?: string;
}

export interface CatalogVariantItem extends Sold {
  kind: 'catalog-variant';
  price: number;
  sku: string;
  /** 1: out of stock, it is not recommended. 0 and 2: it is. */
  inventory_policy: 0 | 1 | 2;
  inventory_quantity: number;
  /** The item that it is a variant of, and that item's uid. */
  item: string;
  item_uid: string;
  /** By SKU. */
  upk: string;
  usk: string;
  /** Among the variants of its item. */
  epk: string;
  esk: string;
}

export interface CatalogCategoryItem extends CatalogEntry {
  kind: 'catalog-category';
  name: string;
}

export type AnyEntry = CatalogItemItem | CatalogVariantItem | CatalogCategoryItem;
export type CatalogKind = AnyEntry['kind'];
export type EntryOf<K extends CatalogKind> = Extract<AnyEntry, { kind: K }>;

/** One item in one category; counts while both have the uids that it names. */
export interface CategoryLinkItem extends Item {
  kind: 'category-link';
  item: string;
  item_uid: string;
  category: string;
  category_uid: string;
  gpk: string;
  gsk: string;
}
