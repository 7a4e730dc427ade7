// Campaigns and their messages as the API shows them.
import * as z from 'zod/mini';
import { flag, integer, list, maybe, oneOf, text, timestamp } from '../../jsonapi/fields.ts';
import type { Resource, ResourceType } from '../../jsonapi/resource.ts';
import { iso, instantOf, isoOf } from '../../kernel/time.ts';
import { jobProgress } from '../jobs/index.ts';
import { type Campaign, type CampaignMessage, statuses } from './campaign.ts';
import {
  anySendStrategy,
  audiences,
  flatContent,
  renderOptions,
  sendOptions,
  shownMessage,
  trackingOptions,
} from './definition.ts';
import { hasVariations } from './variations.ts';

export const campaignResource: ResourceType = {
  type: 'campaign',
  path: 'campaigns',
  attributes: z.object({
    name: text(),
    status: oneOf(...statuses),
    archived: flag(),
    audiences,
    send_options: sendOptions,
    tracking_options: maybe(trackingOptions),
    send_strategy: anySendStrategy,
    created_at: timestamp(),
    scheduled_at: maybe(timestamp()),
    updated_at: timestamp(),
    send_time: maybe(timestamp()),
  }),
  relationships: {
    'campaign-messages': { type: 'campaign-message', many: true },
    tags: { type: 'tag', many: true },
  },
};

const timesOfMessage = {
  send_times: maybe(list(z.strictObject({ datetime: timestamp(), is_local: flag() }))),
  created_at: maybe(timestamp()),
  updated_at: maybe(timestamp()),
};

export const messageResource: ResourceType = {
  type: 'campaign-message',
  path: 'campaign-messages',
  attributes: z.object({
    definition: maybe(shownMessage),
    ...timesOfMessage,
  }),
  relationships: {
    campaign: { type: 'campaign', many: false },
    template: { type: 'template', many: false },
    image: { type: 'image', many: false },
  },
};

/** The answer to the assignment of a template has the definition spread out. */
export const flatMessageResource: ResourceType = {
  ...messageResource,
  attributes: z.extend(
    z.object({ label: text(), channel: text(), content: flatContent, render_options: z.optional(renderOptions) }),
    { ...timesOfMessage },
  ),
};

const jobOf = (type: string): ResourceType => ({
  type,
  path: `${type}s`,
  attributes: z.object({ status: jobProgress.status }),
});
export const sendJobResource = jobOf('campaign-send-job');
export const estimationJobResource = jobOf('campaign-recipient-estimation-job');
export const estimationResource: ResourceType = {
  type: 'campaign-recipient-estimation',
  path: 'campaign-recipient-estimations',
  attributes: z.object({ estimated_recipient_count: integer() }),
};

/** When the campaign's strategy says to send; undefined: when it is asked to. */
export function plannedTime({ strategy }: Pick<Campaign, 'strategy'>): string | undefined {
  if (strategy.method === 'immediate') return undefined;
  if (strategy.method === 'smart_send_time') return iso(instantOf(`${strategy.date}T00:00:00Z`));
  return iso(instantOf(strategy.datetime));
}

/** A campaign as the API shows it; `linked` with the ids of its messages. */
export function campaignDocument(campaign: Campaign, { linked = false } = {}): Resource {
  const { sending, messages } = campaign;
  const { included, excluded } = campaign.audiences;
  const relationships = { 'campaign-messages': messages.map(({ id }) => ({ type: 'campaign-message', id })) };
  return {
    type: 'campaign',
    id: campaign.id,
    attributes: {
      name: campaign.name,
      status: campaign.status,
      archived: false,
      audiences: { included, excluded },
      send_options: { use_smart_sending: campaign.smartSending },
      tracking_options: campaign.tracking,
      send_strategy: hasVariations(campaign) ? { method: 'ab_test_campaign' } : campaign.strategy,
      created_at: isoOf(campaign.created),
      scheduled_at: sending ? isoOf(sending.asked) : null,
      updated_at: isoOf(campaign.updated),
      send_time: plannedTime(campaign) ?? (sending ? isoOf(sending.asked) : null),
    },
    ...(linked && { relationships }),
  };
}

/** A message as the API shows it. */
export function messageDocument(campaign: Campaign, { id, definition, created, updated }: CampaignMessage): Resource {
  const planned = plannedTime(campaign);
  const { strategy } = campaign;
  const is_local =
    strategy.method === 'smart_send_time' || (strategy.method === 'static' && strategy.options?.is_local === true);
  return {
    type: 'campaign-message',
    id,
    attributes: {
      definition: shownDefinition(definition),
      send_times: planned === undefined ? [] : [{ datetime: planned, is_local }],
      created_at: isoOf(created),
      updated_at: isoOf(updated),
    },
  };
}

function shownDefinition(definition: CampaignMessage['definition']) {
  if (definition.channel !== 'mobile_push') return definition;
  return { notification_type: 'content' in definition ? 'standard' : 'silent', ...definition };
}

/** The same, spread out, of a message that has a template. */
export function flatDocument(campaign: Campaign, message: CampaignMessage): Resource {
  const { attributes, ...rest } = messageDocument(campaign, message);
  const { send_times, created_at, updated_at } = attributes;
  const { definition } = message;
  const [label, content] =
    definition.channel === 'email' ? [definition.label ?? '', definition.content ?? {}] : ['', {}];
  return { ...rest, attributes: { label, channel: definition.channel, content, send_times, created_at, updated_at } };
}
