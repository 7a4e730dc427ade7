import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, MessageItem } from '../../storage/items.ts';
import { type Content, type EmailContent, type SkipReason, paramsFor, withId } from '../messaging/index.ts';
import { enrolmentKey } from '../../storage/patterns.ts';
import type { Flow, Send } from './definition.ts';
import type { FlowEmail } from './flow-messages.ts';
import { factsAt } from './facts.ts';
import { findFlow } from './flow.ts';
import { sendOf, sendsOf } from './graph.ts';
import { reasonAfterReview } from './sending.ts';

type Owner = Pick<AccountItem, 'sender_name' | 'sender_email' | 'tracking'>;

/**
 * What a message of a flow says, as the flow says it at this moment: edits reach whoever is still waiting. Undefined when
 * the flow or the action is gone, or when it lacks what it cannot do without. Where the flow names no sender it is the
 * account's.
 */
export async function flowContentOf(
  ports: Ports,
  account: AccountId,
  item: Pick<MessageItem, 'flow' | 'action' | 'profile' | 'enrolment' | 'released'>,
  owner: Owner,
): Promise<Content | undefined> {
  const { flow: flowId, action: actionId } = item;
  if (flowId === undefined || actionId === undefined) return undefined;
  const flow = await findFlow(ports, account, flowId);
  const send = flow && sendOf(flow.definition, actionId);
  const content = send && (contents[send.type] as ContentOf<Send>)(send, owner, flow);
  if (!content || item.released === undefined) return content;
  const withheld = await whyNotAfterReview(ports, account, flow, send, item);
  return withheld === undefined ? content : { ...content, withheld };
}

/** Why a message that somebody let go does not go out after all: its filters are asked again. */
async function whyNotAfterReview(
  ports: Ports,
  account: AccountId,
  flow: Flow,
  send: Send,
  { profile, enrolment: id }: Pick<MessageItem, 'profile' | 'enrolment'>,
): Promise<SkipReason | undefined> {
  const action = flow.definition.actions.find((one) => sendsOf(one).includes(send));
  const enrolment = id === undefined ? undefined : await ports.store.get(enrolmentKey(account, profile, id));
  if (!action || !enrolment) return 'Action Deleted';
  const facts = await factsAt(ports, account, flow, enrolment, action.id);
  if (!facts) return 'Person Deleted';
  return reasonAfterReview(flow.definition, send, facts) as SkipReason | undefined;
}

type ContentOf<S> = (send: S, owner: Owner, flow: Flow) => Content | undefined;

const contents: { [T in Send['type']]: ContentOf<Extract<Send, { type: T }>> } = {
  'send-email': ({ data: { message } }, owner, flow) => {
    if (message.template_id === null) return undefined;
    return {
      channel: 'email',
      subject: message.subject_line ?? '',
      ...(message.preview_text !== null && { previewText: message.preview_text }),
      from: senderOf(message, owner),
      ...(message.reply_to_email !== null && { replyTo: message.reply_to_email }),
      ...(message.cc_email !== null && { cc: message.cc_email }),
      ...(message.bcc_email !== null && { bcc: message.bcc_email }),
      templateId: message.template_id,
      smartSending: message.smart_sending_enabled,
      transactional: message.transactional,
      message: namesOf(message),
      tracking: trackingOf(message, owner, flow),
    };
  },

  'send-sms': ({ data: { message } }, owner, flow) => ({
    channel: 'sms',
    body: message.body,
    quietHours: message.sms_quiet_hours_enabled,
    orgPrefix: message.add_org_prefix,
    optOutLanguage: message.add_opt_out_language,
    ...(message.shorten_links && {
      links: {
        params: paramsFor('flow', owner, { add: undefined, custom: [] }),
        facts: factsOf(message, flow),
      },
    }),
    smartSending: message.smart_sending_enabled,
    transactional: message.transactional,
    message: namesOf(message),
  }),

  'send-mobile-push': ({ data: { message } }) => ({
    channel: 'push',
    title: message.title ?? '',
    body: message.body,
    data: dataOf(message),
    smartSending: message.smart_sending_enabled,
    transactional: false,
    message: namesOf(message),
  }),

  'send-webhook': ({ data: { message } }, _owner, flow) => {
    const { url, headers, body } = message;
    if (url === null) return undefined;
    const texts = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)] as const);
    const call = { url, headers: Object.fromEntries(texts), body: body ?? '{}', flow: flow.id };
    return { channel: 'webhook', ...call, smartSending: false, transactional: true };
  },

  'send-internal-alert': ({ data: { message } }, owner) => {
    const { template_id: templateId, to_emails: to, subject_line: subject } = message;
    if (templateId === null || templateId === undefined) return undefined;
    const said = { to, subject: subject ?? '', from: senderOf(message, owner), templateId };
    return { channel: 'alert', ...said, smartSending: false, transactional: true };
  },

  // Kept as skipped when the step was taken.
  'send-whatsapp': () => undefined,
};

const namesOf = ({ id, name }: { id: string; name: string | null }) => ({ id, ...(name !== null && { name }) });

/** Flows follow their opens and clicks always; links carry what the message or else the account wants. */
function trackingOf(message: FlowEmail, owner: Owner, flow: Flow): NonNullable<EmailContent['tracking']> {
  const { add_tracking_params: asked, custom_tracking_params: own } = message;
  const custom = (own ?? []).map(({ param, value }) => ({ name: param, value: { type: 'static' as const, value } }));
  return {
    ...{ opens: true, clicks: true },
    params: paramsFor('flow', owner, { add: asked ? true : undefined, custom }),
    facts: factsOf(message, flow),
  };
}

const factsOf = ({ id, name }: { id: string; name: string | null }, flow: Flow) => ({
  ...{ flow_id: flow.id, flow_name: flow.name },
  ...(name !== null && { message_name: name, message_name_id: withId(name, id) }),
});

const senderOf = (message: { from_label: string | null; from_email: string | null }, owner: Owner) => ({
  name: message.from_label ?? owner.sender_name,
  address: message.from_email ?? owner.sender_email,
});

const links = [
  'image_id',
  'dynamic_image',
  'video_asset_id',
  'on_open',
  'ios_link',
  'android_link',
  'web_url',
] as const;

/** What the app is told beside title and body: where to lead, which picture to show, and what the message says itself. */
function dataOf(message: Extract<Send, { type: 'send-mobile-push' }>['data']['message']): Record<string, string> {
  const own = Object.entries(message.kv_pairs ?? {}).map(([name, value]) => [name, String(value)] as const);
  const led = links.flatMap((name) => {
    const value = message[name];
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...own, ...led]);
}
