import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, MessageItem } from '../../storage/items.ts';
import type { EmailContent } from '../messaging/index.ts';
import { findFlow } from './flow.ts';
import { sendOf } from './graph.ts';

/**
 * What an email of a flow says, as the flow says it at this moment: edits reach whoever is still waiting. Undefined when
 * the flow or the action is gone, or when it has no template. Where the flow names no sender it is the account's.
 */
export async function emailContentOf(
  ports: Ports,
  account: AccountId,
  { flow: flowId, action: actionId }: Pick<MessageItem, 'flow' | 'action'>,
  owner: Pick<AccountItem, 'sender_name' | 'sender_email'>,
): Promise<EmailContent | undefined> {
  if (flowId === undefined || actionId === undefined) return undefined;
  const flow = await findFlow(ports, account, flowId);
  const action = flow && sendOf(flow.definition, actionId);
  if (action?.type !== 'send-email' || action.data.message.template_id === null) return undefined;
  const { message } = action.data;
  return {
    channel: 'email',
    subject: message.subject_line ?? '',
    ...(message.preview_text !== null && { previewText: message.preview_text }),
    from: { name: message.from_label ?? owner.sender_name, address: message.from_email ?? owner.sender_email },
    ...(message.reply_to_email !== null && { replyTo: message.reply_to_email }),
    templateId: action.data.message.template_id,
    smartSending: message.smart_sending_enabled,
    transactional: message.transactional,
  };
}
