// The messages of campaigns: their operations, one screen.
import * as z from 'zod/mini';
import { maybe } from '../../jsonapi/fields.ts';
import { type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { refuse } from '../../kernel/errors.ts';
import { sortable } from '../../kernel/time.ts';
import { command, get, linkage, relatedMany, relatedOne, relationship, update } from '../../jsonapi/verbs/index.ts';
import { requestDocument } from '../../jsonapi/verbs/index.ts';
import type { Context } from '../context.ts';
import { findImage, imageResource } from '../images/index.ts';
import { copyForMessage, findTemplate, plainTemplate, templateDocument } from '../templates/index.ts';
import {
  type Campaign,
  type CampaignMessage,
  changeDraft,
  readCampaign,
  readMessage,
  refuseUnless,
} from './campaign.ts';
import { changedMessage, imageLink } from './definition.ts';
import {
  campaignDocument,
  campaignResource,
  flatDocument,
  flatMessageResource,
  messageDocument,
  messageResource,
} from './documents.ts';
import { imageIn } from './images.ts';

const read = { tag: 'Campaigns', scopes: ['campaigns:read'], tier: tiers.M, resource: messageResource };
const write = { ...read, scopes: ['campaigns:write'] };
const include = { campaign: campaignResource, image: imageResource, template: plainTemplate };
const messageQuery: QuerySpec = { fieldsOf: [messageResource], include };

async function templateOf({ ports, account }: Context, { template: id }: CampaignMessage): Promise<Resource | null> {
  const template = id === undefined ? undefined : await findTemplate(ports, account, id);
  return template ? templateDocument(template) : null;
}

const imageOf = ({ ports, account }: Context, { image }: CampaignMessage): Promise<Resource | null> =>
  image === undefined ? Promise.resolve(null) : findImage(ports, account, image);

/** A message with what was asked to be included. */
async function shown(context: Context, campaign: Campaign, message: CampaignMessage, asked: ReadonlySet<string>) {
  const template = asked.has('template') ? await templateOf(context, message) : null;
  const image = asked.has('image') ? await imageOf(context, message) : null;
  const links = {
    campaign: { type: 'campaign', id: campaign.id },
    ...(message.template !== undefined && { template: { type: 'template', id: message.template } }),
    ...(message.image !== undefined && { image: { type: 'image', id: message.image } }),
  };
  const resource = { ...messageDocument(campaign, message), relationships: links };
  const others = [template, image].filter((one) => one !== null);
  const included = [...(asked.has('campaign') ? [campaignDocument(campaign)] : []), ...others];
  return { resource, included };
}

/** Changes a message of a draft. */
async function changeMessage(
  { ports, account }: Context,
  id: string,
  change: (message: CampaignMessage) => CampaignMessage,
): Promise<{ campaign: Campaign; message: CampaignMessage }> {
  const { campaign } = await readMessage(ports, account, id);
  const updated = sortable(ports.clock.now());
  await changeDraft(ports, account, campaign.id, (draft) => ({
    ...draft,
    messages: draft.messages.map((one) => (one.id === id ? { ...change(one), updated } : one)),
  }));
  return readMessage(ports, account, id);
}

/** The definition after a change: what is not given stays; a message keeps its channel. */
function changed({ definition: before }: CampaignMessage, asked: CampaignMessage['definition']) {
  if (before.channel !== asked.channel) {
    const detail = `The message is of the channel ${before.channel}, which it keeps.`;
    throw refuse('invalid', detail, '/data/attributes/definition/channel');
  }
  const contents = [before, asked].map((one) => ('content' in one ? one.content : undefined));
  const content = contents.some(Boolean) ? { content: { ...contents[0], ...contents[1] } } : {};
  return { ...before, ...asked, ...content } as CampaignMessage['definition'];
}

export const messageOperations: readonly Operation<Context>[] = [
  get({
    ...read,
    id: 'get_campaign_message',
    summary: 'One message of a campaign.',
    query: messageQuery,
    run: async (input, context) => {
      const { campaign, message } = await readMessage(context.ports, context.account, idOf(input));
      return shown(context, campaign, message, input.query.include);
    },
  }),
  update({
    ...write,
    id: 'update_campaign_message',
    summary: 'Change the message of a draft.',
    query: { fieldsOf: [messageResource] },
    body: requestDocument('campaign-message', {
      id: 'required',
      attributes: z.strictObject({ definition: maybe(changedMessage) }),
      relationships: z.optional(imageLink),
    }),
    run: async (input, context) => {
      const { attributes, relationships } = input.body.data;
      await readMessage(context.ports, context.account, idOf(input));
      const image = await imageIn(context.ports, context.account, relationships, '/data/relationships/image/data/id');
      const { campaign, message } = await changeMessage(context, idOf(input), (before) => {
        const { definition: asked } = attributes;
        return { ...before, ...image, ...(asked && { definition: changed(before, asked) }) };
      });
      return shown(context, campaign, message, new Set());
    },
  }),
  command({
    ...write,
    id: 'assign_template_to_campaign_message',
    summary: 'Give a message a copy of a template; later changes of the template do not reach it.',
    path: '/api/campaign-message-assign-template',
    query: { fieldsOf: [flatMessageResource] },
    body: z.strictObject({
      data: z.strictObject({
        type: z.literal('campaign-message'),
        id: z.string(),
        relationships: z.strictObject({
          template: z.strictObject({ data: z.optional(linkage('template')) }),
        }),
      }),
    }),
    status: 200,
    answers: { kind: 'resource', of: flatMessageResource },
    run: async ({ body }, context) => {
      const { id, relationships } = body.data;
      const { ports, account } = context;
      const { campaign: of, message: before } = await readMessage(ports, account, id);
      refuseUnless(of, ['Draft'], 'changed');
      if (before.definition.channel !== 'email')
        throw refuse('invalid', 'Only messages of the channel email have templates.', '/data/id');
      const wanted = relationships.template.data?.id;
      const pointer = '/data/relationships/template/data/id';
      if (wanted === undefined) throw refuse('missing', 'A template is required.', '/data/relationships/template/data');
      if (!(await findTemplate(ports, account, wanted)))
        throw refuse('not_found', `A template with id ${wanted} does not exist.`, pointer);
      const copy = await copyForMessage(ports, account, wanted);
      const { campaign, message } = await changeMessage(context, id, (one) => ({ ...one, template: copy.id }));
      const { relationships: links } = (await shown(context, campaign, message, new Set())).resource;
      return { resource: { ...flatDocument(campaign, message), relationships: links } };
    },
  }),
  relatedOne({
    ...read,
    id: 'get_campaign_for_campaign_message',
    summary: 'The campaign of a message.',
    relationship: 'campaign',
    of: campaignResource,
    query: { fieldsOf: [campaignResource] },
    run: async (input, { ports, account }) => {
      const { campaign } = await readMessage(ports, account, idOf(input));
      return { resource: campaignDocument(campaign) };
    },
  }),
  relationship({
    ...read,
    id: 'get_campaign_id_for_campaign_message',
    summary: 'The id of the campaign of a message.',
    relationship: 'campaign',
    of: 'campaign',
    many: false,
    run: async (input, { ports, account }) => {
      const { campaign } = await readMessage(ports, account, idOf(input));
      return { linkage: { type: 'campaign', id: campaign.id } };
    },
  }),
  relatedOne({
    ...read,
    scopes: ['campaigns:read', 'templates:read'],
    id: 'get_template_for_campaign_message',
    summary: 'The template of a message: its own copy.',
    relationship: 'template',
    of: plainTemplate,
    query: { fieldsOf: [plainTemplate] },
    run: async (input, context) => {
      const { message } = await readMessage(context.ports, context.account, idOf(input));
      return { resource: await templateOf(context, message) };
    },
  }),
  relationship({
    ...read,
    scopes: ['campaigns:read', 'templates:read'],
    id: 'get_template_id_for_campaign_message',
    summary: 'The id of the template of a message.',
    relationship: 'template',
    of: 'template',
    many: false,
    run: async (input, { ports, account }) => {
      const { message } = await readMessage(ports, account, idOf(input));
      return { linkage: message.template === undefined ? null : { type: 'template', id: message.template } };
    },
  }),
  relatedOne({
    ...read,
    scopes: ['campaigns:read', 'images:read'],
    id: 'get_image_for_campaign_message',
    summary: 'The image of a message.',
    relationship: 'image',
    of: imageResource,
    query: { fieldsOf: [imageResource] },
    run: async (input, context) => {
      const { message } = await readMessage(context.ports, context.account, idOf(input));
      return { resource: await imageOf(context, message) };
    },
  }),
  relationship({
    ...read,
    scopes: ['campaigns:read', 'images:read'],
    id: 'get_image_id_for_campaign_message',
    summary: 'The id of the image of a message.',
    relationship: 'image',
    of: 'image',
    many: false,
    run: async (input, { ports, account }) => {
      const { message } = await readMessage(ports, account, idOf(input));
      return { linkage: message.image === undefined ? null : { type: 'image', id: message.image } };
    },
  }),
  command({
    ...write,
    scopes: ['campaigns:write', 'images:read'],
    id: 'update_image_for_campaign_message',
    summary: 'Give the message of a draft an image; apps are told its address as `image_url`.',
    method: 'PATCH',
    path: '/api/campaign-messages/{id}/relationships/image',
    // Its id is that of the image, and not that of the path.
    body: z.strictObject({ data: linkage('image') }),
    status: 204,
    answers: { kind: 'empty' },
    run: async (input, context) => {
      const { ports, account } = context;
      await readMessage(ports, account, idOf(input));
      const image = await imageIn(ports, account, { image: input.body }, '/data/id');
      await changeMessage(context, idOf(input), (before) => ({ ...before, ...image }));
      return { empty: true };
    },
  }),
  relatedMany({
    ...read,
    resource: campaignResource,
    id: 'get_messages_for_campaign',
    summary: 'The messages of a campaign.',
    relationship: 'campaign-messages',
    of: messageResource,
    query: messageQuery,
    run: async (input, context) => {
      const campaign = await readCampaign(context.ports, context.account, idOf(input));
      const all = await Promise.all(
        campaign.messages.map((message) => shown(context, campaign, message, input.query.include)),
      );
      const resources = all.map(({ resource }) => resource);
      return { page: { resources }, included: all.flatMap(({ included }) => included) };
    },
  }),
  relationship({
    ...read,
    resource: campaignResource,
    id: 'get_message_ids_for_campaign',
    summary: 'The ids of the messages of a campaign.',
    relationship: 'campaign-messages',
    of: 'campaign-message',
    many: true,
    run: async (input, { ports, account }) => {
      const campaign = await readCampaign(ports, account, idOf(input));
      return { linkage: campaign.messages.map(({ id }) => ({ type: 'campaign-message', id })) };
    },
  }),
];
