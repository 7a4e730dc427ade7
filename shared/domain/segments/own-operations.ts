// Operations on segments that are ours: why somebody is in, how many would be, how far a build is.
import * as z from 'zod/mini';
import { flag, integer, list, maybe, number, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { command, get, requestDocument } from '../../jsonapi/verbs/index.ts';
import { notFound } from '../../kernel/errors.ts';
import { untilWon } from '../../storage/conflict.ts';
import { buildKey, segmentMemberKey } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { readProfile } from '../identity/index.ts';
import { admit, refuseUnknown } from './admit.ts';
import { segmentDefinition } from './definition.ts';
import { explain } from './explain.ts';
import { gather } from './gather.ts';
import { preview } from './preview.ts';
import { progressOf } from './progress.ts';
import { conditionsOf } from './segment.ts';
import { readSegment } from './store.ts';

const told = { holds: flag(), flips_at: maybe(timestamp()) };

const explanation: ResourceType = {
  type: 'segment-explanation',
  attributes: z.object({
    ...told,
    /** Whether the person is a member as stored: within a second of what holds, unless the segment is inactive or built. */
    is_member: flag(),
    condition_groups: list(
      z.object({ ...told, conditions: list(z.object({ ...told, condition: z.unknown(), facts: z.unknown() })) }),
    ),
  }),
};

const previewResource: ResourceType = {
  type: 'segment-preview',
  attributes: z.object({
    matching: integer(),
    looked_at: integer(),
    complete: flag(),
    estimate: integer(),
    sample: list(text()),
  }),
};

const progressResource: ResourceType = {
  type: 'segment-progress',
  attributes: z.object({
    is_processing: flag(),
    progress: number(),
    profiles_looked_at: integer(),
    started: maybe(timestamp()),
    finished: maybe(timestamp()),
    estimated_finish: maybe(timestamp()),
  }),
};

const tag = 'Segments';
const scopes = ['profiles:read', 'segments:read'];
const pointer = '/data/attributes/definition';

export const ownSegmentOperations: readonly Operation<Context>[] = [
  get({
    id: 'explain_segment',
    tag,
    summary: 'Why a person is in a segment or is not: each condition, the facts that decide it, and when it flips.',
    scopes: [...scopes, 'events:read', 'lists:read', 'subscriptions:read'],
    tier: tiers.M,
    resource: explanation,
    path: '/x/segments/{id}/explain',
    query: { others: { profile: { required: true } } },
    run: async (input, { ports, account }) => {
      const segment = await readSegment(ports, account, idOf(input));
      const asked = input.query.others?.['profile'] ?? '';
      const { id: profile } = await readProfile(ports, account, asked, 'profile');
      const now = ports.clock.now();
      const conditions = conditionsOf(segment.definition);
      const snapshot = await untilWon(() => gather(ports, account, profile, conditions, now));
      if (!snapshot) throw notFound('profile', asked, 'profile');
      const member = await ports.store.get(segmentMemberKey(account, profile, segment.id));
      const attributes = { ...explain(segment.definition, snapshot, now), is_member: member !== undefined };
      return { resource: { type: explanation.type, id: `${segment.id}:${profile}`, attributes } };
    },
  }),
  command({
    id: 'preview_segment',
    tag,
    summary: 'How many people a definition would have and who some of them are, before it is saved.',
    scopes,
    tier: tiers.S,
    path: '/x/segments/preview',
    body: requestDocument(previewResource.type, { attributes: z.strictObject({ definition: segmentDefinition }) }),
    status: 200,
    answers: { kind: 'resource', of: previewResource },
    run: async ({ body }, { ports, account }) => {
      const definition = admit(body.data.attributes.definition, pointer);
      await refuseUnknown(ports, account, definition, pointer);
      const attributes = { ...(await preview(ports, account, definition)) };
      return { resource: { type: previewResource.type, id: ports.ids.short(), attributes } };
    },
  }),
  get({
    id: 'get_segment_progress',
    tag,
    summary: 'How far the build of a segment is, and when it will be finished.',
    scopes: ['segments:read'],
    tier: tiers.L,
    resource: progressResource,
    path: '/x/segments/{id}/progress',
    run: async (input, { ports, account }) => {
      const segment = await readSegment(ports, account, idOf(input));
      const build = await ports.store.get(buildKey(account, segment.id));
      const attributes = progressOf(segment, build, ports.clock.now());
      return { resource: { type: progressResource.type, id: segment.id, attributes } };
    },
  }),
];
