// The segments that a profile is in.
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import { relatedMany, relationship } from '../../jsonapi/verbs/index.ts';
import { everything } from '../../storage/pages.ts';
import { definitionKey, segmentsOfProfile as membershipsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { type Related, profileResource, readProfile } from '../identity/index.ts';
import { segmentResource } from './resources.ts';
import { type Segment, segmentOf } from './segment.ts';
import { segmentDocuments } from './store.ts';

/** Through the segments themselves: a membership outlives its segment until a worker has removed it. */
async function segmentsWith({ ports, account }: Context, profile: string): Promise<Segment[]> {
  const members = await everything(ports.store, membershipsOf(account, profile));
  const items = await ports.store.getMany(members.map(({ group }) => definitionKey(account, 'segment', group)));
  return items.flatMap((item) => (item ? [segmentOf(item)] : []));
}

/** For the profile's own operation and for `include=segments`. */
export const segmentsOfProfile: Related = {
  of: segmentResource,
  load: async (context, profile) =>
    segmentDocuments(context.ports, context.account, await segmentsWith(context, profile)),
};

const stated = {
  tag: 'Profiles',
  scopes: ['profiles:read', 'segments:read'],
  tier: tiers.S,
  resource: profileResource,
  relationship: 'segments',
};

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
      const segments = await segmentsWith(context, id);
      return { linkage: segments.map((segment) => ({ type: 'segment', id: segment.id })) };
    },
  }),
];
