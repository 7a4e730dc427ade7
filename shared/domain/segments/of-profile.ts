// The segments that a profile is in.
import { type Input, type Operation, tiers } from '../../jsonapi/operation.ts';
import { relatedMany, relationship } from '../../jsonapi/verbs/index.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, segmentsOfProfile as membershipsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { type Related, profileResource, readProfile } from '../identity/index.ts';
import { segmentResource } from './resources.ts';
import { segmentOf } from './segment.ts';
import { segmentDocuments } from './store.ts';

async function segmentIdsOf({ ports, account }: Context, profile: string): Promise<string[]> {
  const members = await everything(ports.store, membershipsOf(account, profile));
  return members.map(({ group }) => group);
}

/** For the profile's own operation and for `include=segments`. */
export const segmentsOfProfile: Related = {
  of: segmentResource,
  load: async (context, profile) => {
    const { ports, account } = context;
    const ids = await segmentIdsOf(context, profile);
    const items = await ports.store.getMany(ids.map((id) => definitionKey(account, 'segment', id)));
    const segments = items.flatMap((item) => (item ? [segmentOf(item)] : []));
    return segmentDocuments(ports, account, segments);
  },
};

const stated = {
  tag: 'Profiles',
  scopes: ['profiles:read', 'segments:read'],
  tier: tiers.S,
  resource: profileResource,
  relationship: 'segments',
};

const idOf = ({ params }: Input) => params['id'] ?? '';

export const segmentsOfProfileOperations: readonly Operation<Context>[] = [
  relatedMany({
    ...stated,
    id: 'get_segments_for_profile',
    summary: 'The segments that a person is in.',
    of: segmentResource,
    query: { fieldsOf: [segmentResource] },
    run: async (input, context) => {
      const { id } = await readProfile(context.ports, context.account, idOf(input));
      return { page: { resources: await segmentsOfProfile.load(context, id) } };
    },
  }),
  relationship({
    ...stated,
    id: 'get_segment_ids_for_profile',
    summary: 'The ids of the segments that a person is in.',
    of: 'segment',
    many: true,
    run: async (input, context) => {
      const { id } = await readProfile(context.ports, context.account, idOf(input));
      const ids = await segmentIdsOf(context, id);
      return { linkage: ids.map((segment) => ({ type: 'segment', id: segment })) };
    },
  }),
];
