// An operation: one method on one path, described once, used by the router, the pipeline and the OpenAPI document.
import type * as z from 'zod/mini';
import type { Filter, FilterSpec } from './query/filter.ts';
import type { Linkage, Resource, ResourcePage, ResourceType } from './resource.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The rate limit of an operation: calls a second, a minute, a day. */
export interface Tier {
  burst: string;
  steady: string;
  daily?: string;
}

export const tiers = {
  XS: { burst: '1/s', steady: '15/m' },
  S: { burst: '3/s', steady: '60/m' },
  M: { burst: '10/s', steady: '150/m' },
  L: { burst: '75/s', steady: '750/m' },
  XL: { burst: '350/s', steady: '3500/m' },
} as const satisfies Record<string, Tier>;

/** What may be asked of an operation in its query. Everything else in a query is refused by name. */
export interface QuerySpec {
  /** Types whose `fields[type]` may be given, beside those that `include` can bring. */
  fieldsOf?: readonly ResourceType[];
  /** `additional-fields[type]` of this type. */
  additionalOf?: ResourceType;
  /** Relationships that `include` may name, with the types they bring. */
  include?: Readonly<Record<string, ResourceType>>;
  filter?: FilterSpec;
  /** The filter must be given. */
  filterRequired?: true;
  /** The request header (lower case) that carries the filter instead of the query, for values that no log may hold. */
  filterHeader?: string;
  /** Fields that `sort` may name; each also with a minus. */
  sort?: readonly string[];
  /** `page[size]`; without `max` only `page[cursor]` exists and pages have `default` entries. */
  page?: { default: number; max?: number };
  /** A public operation that can do without `company_id`. */
  companyOptional?: true;
  /** Parameters of this operation alone, taken as text. */
  others?: Readonly<Record<string, { required?: true; values?: readonly string[] }>>;
}

/** The query of a request, checked. */
export interface ParsedQuery {
  filters: readonly Filter[];
  sort?: { field: string; descending: boolean };
  page: { size: number; position?: string };
  include: ReadonlySet<string>;
  additional: ReadonlySet<string>;
  /** Sparse fieldsets by type; a type that is not in here is sent whole. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** The parameters that `QuerySpec.others` declares, those that were given. */
  others?: Readonly<Record<string, string>>;
}

export interface Input<Body = unknown> {
  params: Readonly<Record<string, string>>;
  query: ParsedQuery;
  body: Body;
}

/** The `{id}` of an operation's path. */
export const idOf = ({ params }: Pick<Input, 'params'>): string => params['id'] ?? '';

/** What an operation answers with, before it becomes a document. */
export type Result =
  | {
      resource: Resource | null;
      included?: readonly Resource[];
      status?: number;
      /** Where one resource is told in pages: the cursor of the next, sealed, since its question stands in the body. */
      next?: string;
    }
  | { page: ResourcePage; included?: readonly Resource[]; total?: number }
  | { linkage: Linkage | readonly Linkage[] | null; next?: string; previous?: string }
  | { empty: true };

/** The document of a success, for OpenAPI. */
export type SuccessShape =
  | { kind: 'resource'; of: ResourceType; nullable?: boolean }
  | { kind: 'collection'; of: ResourceType; total?: boolean }
  | { kind: 'linkage'; of: string; many: boolean }
  | { kind: 'empty' };

export interface Operation<Context> {
  /** The operation's name in the contract: `get_profiles`. */
  id: string;
  tag: string;
  summary: string;
  method: Method;
  /** `/api/profiles/{id}`, without a trailing slash. */
  path: string;
  /** Who may call: holders of a private key, or anyone who names the company. */
  auth: 'private' | 'public';
  scopes: readonly string[];
  tier: Tier;
  query: QuerySpec;
  /** The whole body; absent when the operation takes none. */
  body?: z.ZodMiniType;
  /** Bytes that the body may have; default 5 MB. */
  maxBody?: number;
  /** What the body is when it is no JSON; such a body holds a character for each byte. */
  media?: 'multipart/form-data';
  /** `also`: statuses that a result may choose instead, with the same document. */
  success: { status: number; also?: readonly number[]; shape: SuccessShape };
  run: (input: Input, context: Context) => Promise<Result>;
}
