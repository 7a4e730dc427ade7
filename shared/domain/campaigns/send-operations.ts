// Sending campaigns, and counting whom they would reach: their operations, one screen.
import * as z from 'zod/mini';
import { integer, list, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import { type Operation, idOf, tiers } from '../../jsonapi/operation.ts';
import type { ResourceType } from '../../jsonapi/resource.ts';
import { isoOf } from '../../kernel/time.ts';
import { command, get } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { statuses } from './campaign.ts';
import { rowsIn } from './counts.ts';
import { estimationJobResource, estimationResource, sendJobResource } from './documents.ts';
import { readEstimate, startEstimate } from './estimate.ts';
import { atWork, cancelSending, jobStatusOf, progressOf, revertSending, startSending } from './send.ts';

const read = { tag: 'Campaigns', scopes: ['campaigns:read'], tier: tiers.M };
const write = { ...read, scopes: ['campaigns:write'] };
const asking = <Type extends string>(type: Type) =>
  z.strictObject({ data: z.strictObject({ type: z.literal(type), id: z.string() }) });

const jobDocument = ({ type }: ResourceType, id: string, status: string) => ({ type, id, attributes: { status } });

export const sendOperations: readonly Operation<Context>[] = [
  command({
    ...write,
    id: 'send_campaign',
    summary: 'Send a draft as its strategy says; its audience is fixed now.',
    path: '/api/campaign-send-jobs',
    query: { fieldsOf: [sendJobResource] },
    body: asking('campaign-send-job'),
    status: 202,
    answers: { kind: 'resource', of: sendJobResource },
    run: async ({ body }, { ports, account }) => {
      const campaign = await startSending(ports, account, body.data.id);
      return { resource: jobDocument(sendJobResource, campaign.id, jobStatusOf(campaign)) };
    },
  }),
  get({
    ...read,
    resource: sendJobResource,
    id: 'get_campaign_send_job',
    summary: 'How far the sending of a campaign is.',
    query: { fieldsOf: [sendJobResource] },
    run: async (input, { ports, account }) => {
      const { campaign } = await atWork(ports, account, idOf(input));
      return { resource: jobDocument(sendJobResource, campaign.id, jobStatusOf(campaign)) };
    },
  }),
  command({
    ...write,
    id: 'cancel_campaign_send',
    summary: 'Cancel a campaign for good, or make it a draft again while nothing of it is sent.',
    method: 'PATCH',
    path: '/api/campaign-send-jobs/{id}',
    body: z.strictObject({
      data: z.strictObject({
        type: z.literal('campaign-send-job'),
        id: z.string(),
        attributes: z.strictObject({ action: oneOf('cancel', 'revert') }),
      }),
    }),
    status: 204,
    answers: { kind: 'empty' },
    run: async (input, { ports, account }) => {
      const { action } = input.body.data.attributes;
      await (action === 'cancel' ? cancelSending : revertSending)(ports, account, idOf(input));
      return { empty: true };
    },
  }),
  command({
    ...write,
    id: 'refresh_campaign_recipient_estimation',
    summary: 'Count the people whom a campaign would reach.',
    path: '/api/campaign-recipient-estimation-jobs',
    query: { fieldsOf: [estimationJobResource] },
    body: asking('campaign-recipient-estimation-job'),
    status: 202,
    answers: { kind: 'resource', of: estimationJobResource },
    run: async ({ body }, { ports, account }) => {
      const { campaign, pending } = await startEstimate(ports, account, body.data.id);
      return { resource: jobDocument(estimationJobResource, campaign, estimateStatus(pending)) };
    },
  }),
  get({
    ...read,
    resource: estimationJobResource,
    id: 'get_campaign_recipient_estimation_job',
    summary: 'How far a count is.',
    query: { fieldsOf: [estimationJobResource] },
    run: async (input, { ports, account }) => {
      const { type } = estimationJobResource;
      const { campaign, pending } = await readEstimate(ports, account, idOf(input), type);
      return { resource: jobDocument(estimationJobResource, campaign, estimateStatus(pending)) };
    },
  }),
  get({
    ...read,
    resource: estimationResource,
    id: 'get_campaign_recipient_estimation',
    summary: 'The count that was asked for last: who is in the audience, suppressed or not.',
    query: { fieldsOf: [estimationResource] },
    run: async (input, { ports, account }) => {
      const { type } = estimationResource;
      const { campaign, count } = await readEstimate(ports, account, idOf(input), type);
      return { resource: { type, id: campaign, attributes: { estimated_recipient_count: count } } };
    },
  }),
];

const estimateStatus = (pending: readonly string[]) => (pending.length === 0 ? 'complete' : 'processing');

const counts = {
  recipients: integer(),
  waiting: integer(),
  queued: integer(),
  sent: integer(),
  skipped: integer(),
  failed: integer(),
  unknown: integer(),
  cancelled: integer(),
};
const progressResource: ResourceType = {
  type: 'campaign-progress',
  attributes: z.object({
    status: oneOf(...statuses),
    ...counts,
    variations: list(z.strictObject({ message_id: text(), ...counts })),
    last_wave_at: z.nullable(timestamp()),
    estimated_end_at: z.nullable(text()),
  }),
};

/** Our own: how far a campaign is, person by person counted. */
export const progressOperations: readonly Operation<Context>[] = [
  get({
    ...read,
    resource: progressResource,
    id: 'get_progress_of_campaign',
    summary: 'The recipients of a campaign by what became of them, and when it should be through.',
    path: '/x/campaigns/{id}/progress',
    run: async (input, { ports, account }) => {
      const id = idOf(input);
      const { last_wave_at: last, estimated_end_at: end, variations, ...rest } = await progressOf(ports, account, id);
      const times = { last_wave_at: last && isoOf(last), estimated_end_at: end && isoOf(end) };
      const each = Object.entries(variations).map(([message_id, tally]) => ({
        message_id,
        recipients: rowsIn(tally),
        ...tally,
      }));
      return { resource: { type: 'campaign-progress', id, attributes: { ...rest, ...times, variations: each } } };
    },
  }),
];
