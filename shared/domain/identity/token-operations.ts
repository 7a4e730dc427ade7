// Push tokens: register, read, list, remove.
import { type Input, type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import { type Filter, textsIn } from '../../jsonapi/query/filter.ts';
import type { Resource, ResourcePage } from '../../jsonapi/resource.ts';
import { command, get, list, relatedMany, relatedOne, relationship, remove } from '../../jsonapi/verbs/index.ts';
import type { PushTokenItem } from '../../storage/items.ts';
import { everyShard, profileKey, pushTokensByCreation } from '../../storage/patterns.ts';
import { siftedPage } from '../../storage/sifted.ts';
import type { Context } from '../context.ts';
import { readProfile } from './find.ts';
import { profileWithLastEvent } from './operations.ts';
import { findPushToken, pushTokenDocument, pushTokenResource, readPushToken, tokensOf } from './push-token.ts';
import { removePushToken } from './register-token.ts';
import { register, registration } from './token-requests.ts';
import { profileDocument, profileResource } from './resource.ts';

const stated = { tag: 'Profiles', tier: tiers.M, resource: pushTokenResource } as const;
const read = ['profiles:read', 'push-tokens:read'];
const asked = { fieldsOf: [pushTokenResource], include: { profile: profileResource } };

/** What may be asked of get_push_tokens. */
const filter = {
  id: { operators: ['equals'], type: 'string' },
  'profile.id': { operators: ['equals'], type: 'string' },
  enablement_status: {
    operators: ['equals'],
    type: 'string',
    values: ['AUTHORIZED', 'UNAUTHORIZED', 'DENIED', 'PROVISIONAL', 'NOT_DETERMINED'],
  },
  platform: { operators: ['equals'], type: 'string', values: ['ios', 'android'] },
} as const;

/** One page of tokens: named ones by their claims or their profile, all others in the order of creation. */
async function pageOfTokens(
  { query }: Pick<Input, 'query'>,
  context: Context,
): Promise<{ page: ResourcePage; items: PushTokenItem[] }> {
  const { ports, account } = context;
  const { filters, page } = query;
  const keeps = (item: PushTokenItem) => filters.every((one) => fieldOf(item, one) === one.values[0]);
  const [token] = textsIn(filters, 'id');
  const [profile] = textsIn(filters, 'profile.id');
  const found = await namedTokens(context, { token, profile });
  if (found !== undefined) {
    const items = found.filter(keeps);
    return { page: pageInMemory(items.map(pushTokenDocument), { ...query, filters: [] }), items };
  }
  const queries = everyShard.map((shard) => pushTokensByCreation(account, shard));
  const { items, next } = await siftedPage(ports.store, queries, page, async (marks) => {
    const found = await ports.store.getMany<PushTokenItem>(marks.map(({ pk, sk }) => ({ pk, sk })));
    return found.filter((item) => item !== undefined).filter(keeps);
  });
  return { page: { resources: items.map(pushTokenDocument), ...(next !== undefined && { next }) }, items };
}

/** The tokens that filters name; undefined when they name none. */
async function namedTokens(
  { ports, account }: Context,
  { token, profile }: { token: string | undefined; profile: string | undefined },
): Promise<PushTokenItem[] | undefined> {
  if (token !== undefined) {
    const item = await findPushToken(ports, account, token);
    return item ? [item] : [];
  }
  return profile === undefined ? undefined : tokensOf(ports, account, profile);
}

function fieldOf(item: PushTokenItem, { field }: Filter): string {
  if (field === 'id') return item.token;
  if (field === 'profile.id') return item.profile;
  return field === 'platform' ? item.platform : item.enablement_status;
}

/** The profiles that `include=profile` asks for. */
async function profilesOf(
  items: readonly PushTokenItem[],
  { query }: Pick<Input, 'query'>,
  { ports, account }: Context,
): Promise<Resource[]> {
  if (!query.include.has('profile')) return [];
  const ids = [...new Set(items.map(({ profile }) => profile))];
  const people = await ports.store.getMany(ids.map((id) => profileKey(account, id)));
  return people.flatMap((item) => (item ? [profileDocument(item)] : []));
}

/** The token in the path, or a 404. */
const named = (input: Pick<Input, 'params'>, { ports, account }: Context) => readPushToken(ports, account, idOf(input));

export const tokenOperations: readonly Operation<Context>[] = [
  list({
    ...stated,
    id: 'get_push_tokens',
    summary: 'Push tokens: of a person, by token, or all in the order of creation.',
    scopes: read,
    query: { ...asked, filter, page: { default: 20, max: 100 } },
    run: async (input, context) => {
      const { page, items } = await pageOfTokens(input, context);
      return { page, included: await profilesOf(items, input, context) };
    },
  }),
  command({
    ...stated,
    id: 'create_push_token',
    summary: 'Register a device for a person; taken from whoever had it before.',
    scopes: ['profiles:write', 'push-tokens:write'],
    tier: { burst: '75/s', steady: '750/m' },
    path: '/api/push-tokens',
    body: registration,
    status: 202,
    answers: { kind: 'empty' },
    run: (input, context) => register(input, context, 'leave'),
  }),
  get({
    ...stated,
    id: 'get_push_token',
    summary: 'One push token, by the token itself.',
    scopes: read,
    query: asked,
    run: async (input, context) => {
      const item = await named(input, context);
      return { resource: pushTokenDocument(item), included: await profilesOf([item], input, context) };
    },
  }),
  remove({
    ...stated,
    id: 'delete_push_token',
    summary: 'Remove a push token.',
    scopes: ['push-tokens:write'],
    tier: tiers.S,
    run: async (input, context) => {
      const { token } = await named(input, context);
      await removePushToken(context.ports, context.account, token);
    },
  }),
  relatedMany({
    ...stated,
    id: 'get_push_tokens_for_profile',
    summary: 'The push tokens of a person.',
    scopes: ['profiles:read'],
    resource: profileResource,
    relationship: 'push-tokens',
    of: pushTokenResource,
    query: { fieldsOf: [pushTokenResource] },
    run: async (input, { ports, account }) => {
      const { id } = await readProfile(ports, account, idOf(input));
      return { page: { resources: (await tokensOf(ports, account, id)).map(pushTokenDocument) } };
    },
  }),
  relationship({
    ...stated,
    id: 'get_push_token_ids_for_profile',
    summary: 'The ids of the push tokens of a person.',
    scopes: ['profiles:read'],
    resource: profileResource,
    relationship: 'push-tokens',
    of: 'push-token',
    many: true,
    run: async (input, { ports, account }) => {
      const { id } = await readProfile(ports, account, idOf(input));
      const tokens = await tokensOf(ports, account, id);
      return { linkage: tokens.map(({ token }) => ({ type: 'push-token', id: token })) };
    },
  }),
  relatedOne({
    ...stated,
    id: 'get_profile_for_push_token',
    summary: 'The person whose device it is.',
    scopes: read,
    relationship: 'profile',
    of: profileResource,
    query: { fieldsOf: [profileResource], additionalOf: profileResource },
    run: async (input, context) => {
      const { profile } = await named(input, context);
      return { resource: await profileWithLastEvent(context, profile, input.query.additional) };
    },
  }),
  relationship({
    ...stated,
    id: 'get_profile_id_for_push_token',
    summary: 'The id of the person whose device it is.',
    scopes: read,
    relationship: 'profile',
    of: 'profile',
    many: false,
    run: async (input, context) => ({ linkage: { type: 'profile', id: (await named(input, context)).profile } }),
  }),
];
