/** What a message says, as the flow says it at the moment of sending. */
export interface EmailContent {
  subject: string;
  /** What mailboxes show beside the subject. */
  previewText?: string;
  from: { name: string; address: string };
  replyTo?: string;
  templateId: string;
  /** Not sent to people who were messaged a short while ago. */
  smartSending: boolean;
  /** Sent to people who take no marketing: what they asked for or must know. */
  transactional: boolean;
}
