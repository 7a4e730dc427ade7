// Campaigns: their operations, one screen.
import * as z from 'zod/mini';
import { refuse } from '../../kernel/errors.ts';
import { maybe, text } from '../../jsonapi/fields.ts';
import { type Operation, type QuerySpec, idOf, tiers } from '../../jsonapi/operation.ts';
import type { Operator } from '../../jsonapi/query/filter.ts';
import { pageInMemory } from '../../jsonapi/query/in-memory.ts';
import type { Resource } from '../../jsonapi/resource.ts';
import { command, create, get, list, remove, requestDocument, update } from '../../jsonapi/verbs/index.ts';
import { everything } from '../../storage/pages.ts';
import { definitionsOf } from '../../storage/patterns.ts';
import type { Context } from '../context.ts';
import { oneWithRelated, withRelated } from '../identity/index.ts';
import { operationsOnTagsOf, tagsAsRelated } from '../tags/index.ts';
import { copyForMessage } from '../templates/index.ts';
import { refuseUnknownAudiences } from './audience.ts';
import {
  type Campaign,
  type CampaignMessage,
  campaignOf,
  changeDraft,
  createCampaign,
  readCampaign,
  removeCampaign,
} from './campaign.ts';
import { mostVariations, refuseUnlikeVariations } from './variations.ts';
import {
  audiences,
  changedAudiences,
  imageLink,
  newMessage,
  sendOptions,
  sendStrategy,
  trackingOptions,
} from './definition.ts';
import { campaignDocument, campaignResource, messageDocument, messageResource } from './documents.ts';
import { imageIn } from './images.ts';

const tag = 'Campaigns';
const read = { tag, scopes: ['campaigns:read'], tier: tiers.M, resource: campaignResource };
const write = { ...read, scopes: ['campaigns:write'] };
const fields: QuerySpec = { fieldsOf: [campaignResource] };
const tags = tagsAsRelated('campaign');
const include = { 'campaign-messages': messageResource, tags: tags.of };
const name = text({ min: 1, max: 255 });
const settings = {
  send_strategy: maybe(sendStrategy),
  send_options: maybe(sendOptions),
  tracking_options: maybe(trackingOptions),
};

const comparisons: readonly Operator[] = ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'];
const time = { operators: comparisons, type: 'datetime' } as const;

const messagesOf = (campaigns: readonly Campaign[]): Resource[] =>
  campaigns.flatMap((campaign) => campaign.messages.map((message) => messageDocument(campaign, message)));

const audiencesOf = ({ included, excluded }: { included: string[]; excluded?: string[] | null | undefined }) => ({
  included: [...new Set(included)],
  excluded: [...new Set(excluded ?? [])],
});

const newCampaignMessage = requestDocument('campaign-message', {
  attributes: z.strictObject({ definition: newMessage }),
  relationships: z.optional(imageLink),
});

/** What the contract nests: resources as they stand in requests, without their `data`. */
const newMessages = z.strictObject({
  data: z
    .array((newCampaignMessage as unknown as z.ZodMiniObject<{ data: z.ZodMiniType<NewMessage> }>).shape.data)
    .check(
      z.minLength(1),
      z.maxLength(mostVariations, `A campaign has at most ${mostVariations} variations of its message.`),
    ),
});
interface NewMessage {
  attributes: Pick<CampaignMessage, 'definition'>;
  relationships?: z.infer<typeof imageLink>;
}

/** The copy of a campaign has copies of its templates. */
async function clone({ ports, account }: Context, id: string, called: string | null | undefined): Promise<Campaign> {
  const { messages, audiences: people, ...before } = await readCampaign(ports, account, id);
  const copies = await Promise.all(
    messages.map(async ({ definition, template, image }) => ({
      definition,
      ...(image !== undefined && { image }),
      ...(template !== undefined && { template: (await copyForMessage(ports, account, template)).id }),
    })),
  );
  const { smartSending, tracking, strategy } = before;
  const input = { smartSending, tracking, strategy, audiences: people, messages: copies };
  return createCampaign(ports, account, { ...input, name: called ?? `${before.name} (copy)`.slice(0, 255) });
}

export const campaignOperations: readonly Operation<Context>[] = [
  list({
    ...read,
    id: 'get_campaigns',
    summary: 'The campaigns of a channel.',
    query: {
      ...fields,
      include,
      filter: {
        id: { operators: ['any'], type: 'string' },
        'messages.channel': { operators: ['equals'], type: 'string', values: ['email', 'sms', 'mobile_push'] },
        name: { operators: ['contains'], type: 'string' },
        status: { operators: ['any', 'equals'], type: 'string' },
        archived: { operators: ['equals'], type: 'boolean' },
        created_at: time,
        scheduled_at: time,
        updated_at: time,
      },
      filterRequired: true,
      sort: ['created_at', 'id', 'name', 'scheduled_at', 'updated_at'],
      page: { default: 100, max: 100 },
    },
    run: async ({ query }, context) => {
      if (!query.filters.some(({ field }) => field === 'messages.channel'))
        throw refuse(
          'missing',
          'A filter on messages.channel is required: equals(messages.channel,"email").',
          'filter',
        );
      const { ports, account } = context;
      const items = await everything(ports.store, definitionsOf(account, 'campaign'));
      const campaigns = new Map(items.map((item) => [item.id, campaignOf(item)]));
      const linked = query.include.has('campaign-messages');
      const documents = [...campaigns.values()].map((campaign) => campaignDocument(campaign, { linked }));
      const channel = ({ id }: Resource) => campaigns.get(id)?.messages[0]?.definition.channel;
      const page = pageInMemory(documents, query, { 'messages.channel': channel });
      const shown = page.resources.flatMap(({ id }) => campaigns.get(id) ?? []);
      const tagged = await withRelated(context, page.resources, { tags }, query.include);
      const included = [...(linked ? messagesOf(shown) : []), ...tagged.included];
      return { page: { ...page, resources: tagged.resources }, included };
    },
  }),
  create({
    ...write,
    id: 'create_campaign',
    summary: 'Make a campaign with its message, or with variations of it; it is a draft.',
    query: fields,
    body: requestDocument('campaign', {
      attributes: z.strictObject({ name, audiences, ...settings, 'campaign-messages': newMessages }),
    }),
    run: async ({ body }, { ports, account }) => {
      const asked = body.data.attributes;
      const { included, excluded } = asked.audiences;
      await refuseUnknownAudiences(ports, account, { included, excluded: excluded ?? [] });
      const made = asked['campaign-messages'].data;
      const messages: Pick<CampaignMessage, 'definition' | 'image'>[] = [];
      for (const [at, { attributes, relationships }] of made.entries()) {
        const pointer = `/data/attributes/campaign-messages/data/${at}/relationships/image/data/id`;
        const image = await imageIn(ports, account, relationships, pointer);
        messages.push({ definition: attributes.definition, ...image });
      }
      const strategy = asked.send_strategy ?? ({ method: 'immediate' } as const);
      refuseUnlikeVariations({ messages, strategy });
      const campaign = await createCampaign(ports, account, {
        name: asked.name,
        audiences: audiencesOf(asked.audiences),
        smartSending: asked.send_options?.use_smart_sending ?? true,
        tracking: asked.tracking_options ?? null,
        strategy,
        messages,
      });
      return { resource: campaignDocument(campaign, { linked: true }) };
    },
  }),
  get({
    ...read,
    id: 'get_campaign',
    summary: 'One campaign.',
    query: { ...fields, include },
    run: async (input, context) => {
      const campaign = await readCampaign(context.ports, context.account, idOf(input));
      const document = campaignDocument(campaign, { linked: true });
      const tagged = await oneWithRelated(context, document, { tags }, input.query.include);
      const messages = input.query.include.has('campaign-messages') ? messagesOf([campaign]) : [];
      return { resource: tagged.resource, included: [...messages, ...tagged.included] };
    },
  }),
  update({
    ...write,
    id: 'update_campaign',
    summary: 'Change a draft.',
    query: fields,
    body: requestDocument('campaign', {
      id: 'required',
      attributes: z.strictObject({ name: maybe(name), audiences: z.optional(changedAudiences), ...settings }),
    }),
    run: async (input, { ports, account }) => {
      const asked = input.body.data.attributes;
      const { included, excluded } = asked.audiences ?? {};
      const peopleOf = (before: Campaign['audiences']) =>
        audiencesOf({ included: included ?? before.included, excluded: excluded ?? before.excluded });
      const before = await readCampaign(ports, account, idOf(input));
      await refuseUnknownAudiences(ports, account, {
        included: included ?? [],
        excluded: excluded ?? [],
      });
      const campaign = await changeDraft(ports, account, before.id, (draft) => {
        const strategy = asked.send_strategy ?? draft.strategy;
        refuseUnlikeVariations({ ...draft, strategy });
        return {
          ...draft,
          name: asked.name ?? draft.name,
          audiences: peopleOf(draft.audiences),
          smartSending: asked.send_options?.use_smart_sending ?? draft.smartSending,
          tracking: asked.tracking_options ?? draft.tracking,
          strategy,
        };
      });
      return { resource: campaignDocument(campaign, { linked: true }) };
    },
  }),
  remove({
    ...write,
    id: 'delete_campaign',
    summary: 'Remove a campaign that is not being sent.',
    run: async (input, { ports, account }) => removeCampaign(ports, account, idOf(input)),
  }),
  command({
    ...write,
    id: 'create_campaign_clone',
    summary: 'Copy a campaign with its message and template; the copy is a draft.',
    path: '/api/campaign-clone',
    query: fields,
    body: requestDocument('campaign', { id: 'required', attributes: z.strictObject({ new_name: maybe(name) }) }),
    status: 201,
    answers: { kind: 'resource', of: campaignResource },
    run: async ({ body }, context) => {
      const campaign = await clone(context, body.data.id ?? '', body.data.attributes.new_name);
      return { resource: campaignDocument(campaign, { linked: true }) };
    },
  }),
  ...operationsOnTagsOf(campaignResource, { kind: 'campaign', tag }),
];
