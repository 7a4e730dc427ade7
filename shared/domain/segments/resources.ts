// Segments: seven operations and their schema.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { flag, maybe, text, timestamp } from '../../jsonapi/fields.ts';
import { type Input, type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import {
  create,
  get,
  list,
  relatedMany,
  relationship,
  remove,
  requestDocument,
  update,
} from '../../jsonapi/verbs/index.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf, segmentMemberKey } from '../../storage/patterns.ts';
import {
  countMembers,
  memberDocuments,
  memberLinkage,
  memberQuery,
  memberResource,
  membersOf,
} from '../consent/index.ts';
import type { Context } from '../context.ts';
import { type Related, oneWithRelated, withRelated } from '../identity/index.ts';
import { operationsOnTagsOf, tagsAsRelated } from '../tags/index.ts';
import { admit, refuseUnknown } from './admit.ts';
import { type Definition, type SegmentDefinition, segmentDefinition } from './definition.ts';
import { countNew, refuseTooManyBuilds } from './limits.ts';
import { type Segment, segmentOf } from './segment.ts';
import { createSegment, readSegment, removeSegment, segmentDocuments, updateSegment } from './store.ts';

const name = text({ min: 1, max: 255 });

const attributes = z.object({
  name: maybe(text()),
  definition: z.optional(segmentDefinition),
  created: maybe(timestamp()),
  updated: maybe(timestamp()),
  is_active: flag(),
  is_processing: flag(),
  is_starred: flag(),
});

export const segmentResource: ResourceType = {
  type: 'segment',
  path: 'segments',
  attributes,
  relationships: {
    profiles: { type: 'profile', many: true },
    tags: { type: 'tag', many: true },
    'flow-triggers': { type: 'flow', many: true },
  },
};

/** A segment asked for by itself can tell how many profiles it has. */
const countedResource: ResourceType = {
  ...segmentResource,
  attributes: z.extend(attributes, { profile_count: z.optional(z.int()) }),
  additional: ['profile_count'],
};

const tag = 'Segments';
const L = { burst: '75/s', steady: '750/m' };
/** Every edition is built over the whole account. */
const rare = { ...tiers.XS, daily: '100/d' };
const fields: QuerySpec = { fieldsOf: [segmentResource] };
const membersQuery: QuerySpec = {
  ...memberQuery,
  filter: { profile_id: { operators: ['any', 'equals'], type: 'string' }, ...memberQuery.filter },
};

const definitionPointer = '/data/attributes/definition';

async function admitted({ ports, account }: Context, asked: SegmentDefinition): Promise<Definition> {
  const definition = admit(asked, definitionPointer);
  await refuseUnknown(ports, account, definition, definitionPointer);
  return definition;
}

/** The resource of a segment, one in and one out. */
async function documentOf({ ports, account }: Context, segment: Awaited<ReturnType<typeof readSegment>>) {
  const [resource] = await segmentDocuments(ports, account, [segment]);
  return { resource: resource ?? null };
}

/** The page of members that a request asks for. */
async function membersAsked(input: Input, { ports, account }: Context) {
  const { id } = await readSegment(ports, account, idOf(input));
  const key = (profile: string) => segmentMemberKey(account, profile, id);
  return membersOf(ports, account, { id, key }, input.query);
}

const changeable = z.strictObject({
  definition: z.optional(segmentDefinition),
  name: maybe(name),
  is_starred: maybe(flag()),
  is_active: maybe(flag()),
});

/** Stopping and starting a segment goes by itself: what else would come with it is not taken. */
function refuseMixed(asked: z.infer<typeof changeable>): void {
  if (asked.is_active === undefined || asked.is_active === null || Object.keys(asked).length === 1) return;
  throw refuse('invalid', 'is_active must be the only attribute of its request.', '/data/attributes/is_active');
}

/** What segments include, by the name of the relationship. */
type Relations = Readonly<Record<'flow-triggers' | 'tags', Related>>;

const includable = (related: Relations) => ({ 'flow-triggers': related['flow-triggers'].of, tags: related.tags.of });

/** The operations on segments; the flows that a segment triggers belong to an area that comes later. */
export function segmentOperations({ flowTriggers }: { flowTriggers: Related }): readonly Operation<Context>[] {
  const related = { 'flow-triggers': flowTriggers, tags: tagsAsRelated('segment') };
  return [getSegments(related), getSegment(related), ...otherOperations];
}

const getSegments = (related: Relations): Operation<Context> =>
  list({
    id: 'get_segments',
    tag,
    summary: 'The segments of the account.',
    scopes: ['segments:read'],
    tier: L,
    resource: segmentResource,
    query: {
      ...fields,
      include: includable(related),
      filter: {
        name: { operators: ['any', 'equals'], type: 'string' },
        id: { operators: ['any', 'equals'], type: 'string' },
        created: { operators: ['greater-than'], type: 'datetime' },
        updated: { operators: ['greater-than'], type: 'datetime' },
        is_active: { operators: ['any', 'equals'], type: 'boolean' },
        is_starred: { operators: ['equals'], type: 'boolean' },
      },
      sort: ['created', 'id', 'name', 'updated'],
      page: { default: 10, max: 10 },
    },
    run: async ({ query }, context) => {
      const { ports, account } = context;
      const items = await everything(ports.store, definitionsOf(account, 'segment'));
      const page = pageInMemory(await segmentDocuments(ports, account, items.map(segmentOf)), query);
      const linked = await withRelated(context, page.resources, related, query.include);
      return { page: { ...page, resources: linked.resources }, included: linked.included };
    },
  });

const getSegment = (related: Relations): Operation<Context> =>
  get({
    id: 'get_segment',
    tag,
    summary: 'One segment; how many are in it, when asked.',
    scopes: ['segments:read'],
    tier: L,
    resource: countedResource,
    query: { fieldsOf: [countedResource], additionalOf: countedResource, include: includable(related) },
    run: async (input, context) => {
      const { ports, account } = context;
      const { resource } = await documentOf(context, await readSegment(ports, account, idOf(input)));
      if (!resource) return { resource };
      const counted = input.query.additional.has('profile_count');
      const profile_count = counted ? await countMembers(ports, account, resource.id) : undefined;
      const attributes = { ...resource.attributes, ...(counted && { profile_count }) };
      return oneWithRelated(context, { ...resource, attributes }, related, input.query.include);
    },
  });

const otherOperations: readonly Operation<Context>[] = [
  create({
    id: 'create_segment',
    tag,
    summary: 'Make a segment; its members are found at once.',
    scopes: ['segments:write'],
    tier: rare,
    resource: segmentResource,
    query: fields,
    body: requestDocument('segment', {
      attributes: z.strictObject({ name, definition: segmentDefinition, is_starred: maybe(flag()) }),
    }),
    run: async ({ body }, context) => {
      const { name: called, definition: asked, is_starred: starred } = body.data.attributes;
      const definition = await admitted(context, asked);
      await refuseTooManyBuilds(context.ports, context.account);
      await countNew(context.ports, context.account);
      const input = { name: called, definition, starred: starred ?? false };
      // Once more, as others may have been made meanwhile.
      const admit = () => refuseTooManyBuilds(context.ports, context.account);
      return documentOf(context, await createSegment(context.ports, context.account, input, admit));
    },
  }),
  update({
    id: 'update_segment',
    tag,
    summary: 'Change a segment; a new definition finds its members anew.',
    scopes: ['segments:write'],
    tier: rare,
    resource: segmentResource,
    query: fields,
    body: requestDocument('segment', { attributes: changeable, id: 'required' }),
    run: async (input, context) => {
      const asked = input.body.data.attributes;
      refuseMixed(asked);
      const definition = asked.definition && (await admitted(context, asked.definition));
      const isAsked = definition !== undefined || asked.is_active === true;
      const admit = async (before: Segment) => {
        // Only one of the two is asked for: what is edited is built when it is active, what goes on when it was not.
        const isBuilt = isAsked && before.is_active === (definition !== undefined);
        if (isBuilt) await refuseTooManyBuilds(context.ports, context.account, before.id);
      };
      const change = {
        ...(typeof asked.name === 'string' && { name: asked.name }),
        ...(definition && { definition }),
        ...(typeof asked.is_starred === 'boolean' && { starred: asked.is_starred }),
        ...(typeof asked.is_active === 'boolean' && { active: asked.is_active }),
      };
      return documentOf(context, await updateSegment(context.ports, context.account, idOf(input), change, admit));
    },
  }),
  remove({
    id: 'delete_segment',
    tag,
    summary: 'Remove a segment and all memberships in it.',
    scopes: ['segments:write'],
    tier: tiers.S,
    resource: segmentResource,
    run: async (input, { ports, account }) => removeSegment(ports, account, idOf(input)),
  }),
  relatedMany({
    id: 'get_profiles_for_segment',
    tag,
    summary: 'The people in a segment, in the order in which they entered.',
    scopes: ['profiles:read', 'segments:read'],
    tier: L,
    resource: segmentResource,
    relationship: 'profiles',
    of: memberResource,
    query: { ...membersQuery, fieldsOf: [memberResource], additionalOf: memberResource },
    run: async (input, context) => {
      const { members, next } = await membersAsked(input, context);
      const resources = await memberDocuments(context.ports, context.account, members, input.query.additional);
      return { page: { resources, ...(next !== undefined && { next }) } };
    },
  }),
  relationship({
    id: 'get_profile_ids_for_segment',
    tag,
    summary: 'The ids of the people in a segment.',
    scopes: ['profiles:read', 'segments:read'],
    tier: L,
    resource: segmentResource,
    relationship: 'profiles',
    of: 'profile',
    many: true,
    query: membersQuery,
    run: async (input, context) => {
      const { members, next } = await membersAsked(input, context);
      return { linkage: memberLinkage(members), ...(next !== undefined && { next }) };
    },
  }),
  ...operationsOnTagsOf(segmentResource, { kind: 'segment', tag }),
];
