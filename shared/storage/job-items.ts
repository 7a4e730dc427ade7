// Bulk jobs and what is kept beside them; see items.ts.
import type { CatalogKind } from './catalog-items.ts';
import type { Item } from './store.ts';

/** Jobs that make, change or remove entries of the catalog. */
export type CatalogJobType = `${CatalogKind}-bulk-${'create' | 'update' | 'delete'}`;

/** The counts that only some jobs have. */
export type JobCount = `${'created' | 'updated' | 'unchanged' | 'unpublished' | 'deleted'}_items`;

/** Bulk work that an account asked for, worked on in stretches. */
export interface JobItem extends Item {
  kind: 'job';
  id: string;
  type:
    | ('subscribe' | 'unsubscribe' | 'suppress' | 'unsuppress' | 'import')
    | (CatalogJobType | 'coupon-code-bulk-create' | 'catalog-feed-run')
    | ('back-populate' | 'review');
  status: 'queued' | 'processing' | 'complete' | 'cancelled';
  created: string;
  started?: string;
  finished?: string;
  /** Rows, in all and by what came of them. */
  total: number;
  completed: number;
  failed: number;
  skipped: number;
  /** The list or segment that it concerns. */
  list?: string;
  segment?: string;
  /** The flow that it puts people into. */
  flow?: string;
  /** The feed that a run pulls, what became of the items, and why it did nothing, when it did not. */
  feed?: string;
  created_items?: number;
  updated_items?: number;
  unchanged_items?: number;
  unpublished_items?: number;
  deleted_items?: number;
  refusal?: string;
  /** Where the next stretch begins; absent before the first has ended. */
  cursor?: string;
  /** JSON: the job's input; absent when it lies in `file`, and when the job is over. */
  body?: string;
  file?: string;
  expires: number;
  /** While it is not over, where so many are allowed and no more. */
  gpk?: string;
  gsk?: string;
}

/** A row of a job took effect: in the transaction that made it so, which therefore happens once. */
export interface JobRowItem extends Item {
  kind: 'job-row';
  row: number;
  /** The id of what it was about. */
  about: string;
  expires: number;
}

/** Why one row of a job was refused. */
export interface JobErrorItem extends Item {
  kind: 'job-error';
  /** The row's place in the job, from 0. */
  row: number;
  code: string;
  title: string;
  detail: string;
  pointer: string;
  /** JSON: the row as it was sent. */
  payload: string;
  gpk: string;
  gsk: string;
  expires: number;
}

/** Profiles that a job made or changed: those of some of its rows that no earlier row had. */
export interface JobProfilesItem extends Item {
  kind: 'job-profiles';
  /** The first of the rows. */
  row: number;
  profiles: string[];
  expires: number;
}

/** Notes that the error of a row quotes somebody, for when they are forgotten. */
export interface QuotedItem extends Item {
  kind: 'quoted';
  /** The job, and the row's place in it. */
  type: JobItem['type'];
  id: string;
  row: number;
  /** When the job was accepted. */
  told: string;
  expires: number;
}
