import * as z from 'zod/mini';
import type { Input, Operation, QuerySpec, Tier } from '../operation.ts';
import type { ResourceType } from '../resource.ts';

/** What every declaration of a verb states. */
export interface Declaration {
  /** The operation's name in the contract: `get_profiles`. */
  id: string;
  tag: string;
  summary: string;
  scopes: readonly string[];
  tier: Tier;
  query?: QuerySpec;
  /** Where the derived path does not fit. */
  path?: string;
  /** Default `private`. */
  auth?: Operation<unknown>['auth'];
}

export type Run<Context, Body, Answer> = (input: Input<Body>, context: Context) => Promise<Answer>;

/** The parts of an operation that every declaration gives in the same way. */
export function stated(declaration: Declaration) {
  const { id, tag, summary, scopes, tier, query = {}, auth = 'private' } = declaration;
  return { id, tag, summary, scopes, tier, query, auth };
}

/** `/api/profiles`, of a resource that has an address. */
export function collectionPath(resource: ResourceType): string {
  if (resource.path === undefined) throw new Error(`The resource ${resource.type} has no path.`);
  return `/api/${resource.path}`;
}

/** The schema of `{type, id}`. */
export function linkage<Type extends string>(type: Type) {
  return z.strictObject({ type: z.literal(type), id: z.string() });
}

/** How the id stands in a request body. */
export type IdRule = 'absent' | 'optional' | 'required';

/** The schema of a request document that holds one resource. `relationships` and `meta` as their own schemas. */
export function requestDocument<
  Type extends string,
  Attributes extends z.ZodMiniType,
  Relationships extends z.ZodMiniType | undefined = undefined,
  Meta extends z.ZodMiniType | undefined = undefined,
>(type: Type, parts: { attributes: Attributes; relationships?: Relationships; meta?: Meta; id?: IdRule }) {
  const { attributes, relationships, meta, id = 'absent' } = parts;
  const shape = {
    type: z.literal(type),
    ...(id === 'required' && { id: z.string() }),
    ...(id === 'optional' && { id: z.optional(z.nullable(z.string())) }),
    attributes,
    ...(relationships && { relationships }),
    ...(meta && { meta }),
  };
  type Shape = {
    data: {
      type: Type;
      id?: string | null;
      attributes: z.infer<Attributes>;
    } & (Relationships extends z.ZodMiniType ? { relationships: z.infer<Relationships> } : object) &
      (Meta extends z.ZodMiniType ? { meta: z.infer<Meta> } : object);
  };
  return z.strictObject({ data: z.strictObject(shape) }) as unknown as z.ZodMiniType<Shape>;
}
