// POST /api/profile-merge: decides at once; what lies in the partition of the source follows by the change feed.
import * as z from 'zod/mini';
import type { Operation } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { command, linkage } from '../../jsonapi/verbs/index.ts';
import { refuse } from '../../kernel/errors.ts';
import type { Context } from '../context.ts';
import { mergeProfiles } from './merge.ts';

/** The survivor, as the contract answers it: its id and no more. */
const survivor: ResourceType = { type: 'profile', path: 'profiles', attributes: z.object({}) };

const body = z.strictObject({
  data: z.strictObject({
    type: z.literal('profile-merge'),
    id: z.string(),
    relationships: z.strictObject({
      profiles: z.strictObject({ data: z.optional(z.array(linkage('profile'))) }),
    }),
  }),
});

const at = '/data/relationships/profiles/data';

export const mergeOperation: Operation<Context> = command({
  id: 'merge_profiles',
  tag: 'Profiles',
  summary: 'Merge one profile into another, which keeps its id and everything of its own.',
  scopes: ['profiles:write'],
  tier: { burst: '10/s', steady: '150/m' },
  path: '/api/profile-merge',
  query: { fieldsOf: [survivor] },
  body,
  status: 201,
  answers: { kind: 'resource', of: survivor },
  run: async ({ body: { data } }, { ports, account }) => {
    const [source, ...more] = data.relationships.profiles.data ?? [];
    if (source === undefined) throw refuse('missing', 'Name the profile that is to be merged.', at);
    if (more.length > 0) throw refuse('invalid', 'One profile is merged at a time.', `${at}/1`);
    const { id } = await mergeProfiles(ports, account, { source: source.id, destination: data.id });
    return { resource: { type: 'profile', id, attributes: {} } };
  },
});
