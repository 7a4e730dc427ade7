// What a resource says about itself: enough to serialise it, to describe it in OpenAPI and to check what is asked of it.
import type * as z from 'zod/mini';

/** Points at a resource without carrying it. */
export interface Linkage {
  type: string;
  id: string;
}

export interface RelationshipSpec {
  /** The type it leads to. */
  type: string;
  many: boolean;
  /** False while the operations behind its links do not exist: described, and sent as linkage alone. Default true. */
  served?: boolean;
  /** False when it is sent as linkage alone: no operations stand behind its links. Default true. */
  linked?: boolean;
  /** The relationship has resources behind it and no linkage of its own (`links.self`). */
  relatedOnly?: true;
}

export interface ResourceType {
  type: string;
  /** The collection in URLs, `profiles`; absent for resources that have no address of their own. */
  path?: string;
  /** Under what it lies where that is not `api`: ours, beside the contract. */
  root?: 'x';
  /** The attributes as answered. Attributes whose schema is optional are left out when the resource has none. */
  attributes: z.ZodMiniObject;
  /** Attributes that are sent only when `additional-fields[type]` asks for them. */
  additional?: readonly string[];
  relationships?: Readonly<Record<string, RelationshipSpec>>;
  /** The id may be null by the contract (profiles). Only for OpenAPI. */
  nullableId?: boolean;
  /** All the ids that there can be. Only for OpenAPI. */
  ids?: readonly string[];
  /** The answer carries neither id nor links (reports). */
  anonymous?: true;
}

/** A resource as the domain hands it to the engine. */
export interface Resource {
  type: string;
  id: string;
  attributes: Readonly<Record<string, unknown>>;
  /** Linkage that is at hand; a relationship without linkage is sent with its links only. */
  relationships?: Readonly<Record<string, Linkage | readonly Linkage[] | null>>;
}

/** One page of a collection. `next` and `previous` are positions: opaque to the engine, made and read by the domain. */
export interface ResourcePage {
  resources: readonly Resource[];
  next?: string;
  previous?: string;
}
