import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, MessageItem, ReachedItem } from '../../storage/items.ts';
import { reachedKey } from '../../storage/patterns.ts';
import type { Put } from '../../storage/store.ts';
import { findImage } from '../images/index.ts';
import type { Content, PersonalContent } from '../messaging/index.ts';
import { type Campaign, type CampaignMessage, findCampaign, isCancelled } from './campaign.ts';
import type { MessageDefinition } from './definition.ts';
import { notCancelled } from './release.ts';
import { trackingOf } from './tracking.ts';
import { hasVariations } from './variations.ts';

/**
 * What a campaign's message says; undefined when the campaign is gone or cancelled. It holds until a cancellation, and for
 * one message to a person: of those who were merged one is written to.
 */
export async function campaignContentOf(
  ports: Ports,
  account: AccountId,
  item: MessageItem,
  owner: AccountItem,
): Promise<Content | undefined> {
  const { campaign: id, campaign_run: run, recipient } = item;
  if (id === undefined || run === undefined || recipient === undefined) return undefined;
  const campaign = await findCampaign(ports, account, id);
  const message = campaign?.messages.find((one) => one.id === item.campaign_message);
  if (!campaign || !message || campaign.sending?.run !== run || isCancelled(campaign)) {
    return undefined;
  }
  const said = await withImage(ports, account, message, saidBy(campaign, message, owner));
  if (!said) return undefined;
  const key = reachedKey(account, item.profile, id);
  const reached = await ports.store.get(key);
  if (reached && reached.message !== item.id) return { ...said, withheld: 'Merged with another recipient' };
  const mark: ReachedItem = { ...key, kind: 'reached', campaign: id, message: item.id };
  const once: Put = { put: mark, if: reached ? { equals: { message: item.id } } : { absent: true } };
  const holds = [notCancelled(account, { campaign: id, run }, recipient), once];
  if (said.channel === 'push') return { ...said, holds };
  const tracking = await trackingOf(ports, account, campaign, owner);
  if (said.channel === 'email') return { ...said, holds, tracking };
  const { params, facts } = tracking;
  return { ...said, holds, ...(tracking.clicks && isShortened(message) && { links: { params, facts } }) };
}

/** Links of texts are shortened unless the message says otherwise. */
const isShortened = ({ definition }: CampaignMessage) =>
  definition.channel === 'sms' && (definition.render_options?.shorten_links ?? true);

/** A push message tells the app where its image lies. */
async function withImage(
  ports: Ports,
  account: AccountId,
  { image: id }: CampaignMessage,
  said: PersonalContent | undefined,
): Promise<PersonalContent | undefined> {
  if (said?.channel !== 'push' || id === undefined) return said;
  const image = await findImage(ports, account, id);
  return image ? { ...said, data: { ...said.data, image_url: String(image.attributes['image_url']) } } : said;
}

function saidBy(campaign: Campaign, message: CampaignMessage, owner: AccountItem): PersonalContent | undefined {
  const { definition } = message;
  const names = { id: message.id, name: campaign.name, ...(hasVariations(campaign) && { variation: message.id }) };
  const wishes = { smartSending: campaign.smartSending, transactional: false, message: names };
  if (definition.channel === 'email') {
    return message.template === undefined
      ? undefined
      : { ...wishes, ...emailOf(definition, campaign, owner), templateId: message.template };
  }
  if (definition.channel === 'sms') {
    const { content, render_options: options } = definition;
    return {
      ...wishes,
      channel: 'sms',
      body: content?.body ?? '',
      quietHours: true,
      orgPrefix: options?.add_org_prefix ?? true,
      optOutLanguage: options?.add_opt_out_language ?? false,
    };
  }
  const shown = 'content' in definition ? definition.content : undefined;
  return { ...wishes, channel: 'push', title: shown?.title ?? '', body: shown?.body ?? '', data: textsOf(definition) };
}

type EmailDefinition = Extract<MessageDefinition, { channel: 'email' }>;

/** Where the message names no sender it is the account's. Who left the only list it goes to is not written to. */
function emailOf({ content = {} }: EmailDefinition, { audiences }: Campaign, owner: AccountItem) {
  const [list, ...more] = audiences.included;
  const given = (name: string, value: string | null | undefined) => (value ? { [name]: value } : {});
  return {
    channel: 'email' as const,
    subject: content.subject ?? '',
    from: { name: content.from_label ?? owner.sender_name, address: content.from_email ?? owner.sender_email },
    ...given('previewText', content.preview_text),
    ...given('replyTo', content.reply_to_email),
    ...given('cc', content.cc_email),
    ...given('bcc', content.bcc_email),
    ...(more.length === 0 && given('list', list)),
  };
}

type PushDefinition = Extract<MessageDefinition, { channel: 'mobile_push' }>;

function textsOf({ kv_pairs: pairs }: PushDefinition): Record<string, string> {
  const entries: [string, unknown][] = Object.entries(pairs ?? {});
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
