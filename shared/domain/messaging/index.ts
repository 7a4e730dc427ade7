export type { EmailContent } from './content.ts';
export { type ContentOf, claimLasts, deliver, expire } from './deliver.ts';
export { takeFeedback } from './feedback.ts';
export { type Decision, type SkipReason, canReceiveEmail, gate, isTooSoon, smartSendingHours } from './gate.ts';
export { type LinkContent, accountOfLink, openLink, signLink } from './links.ts';
export { type MessageSource, queueMessage } from './queue-message.ts';
export { type MessageName, type Outcome, settle } from './settle.ts';
export { type UnsubscribeLink, readUnsubscribeLink, unsubscribe } from './unsubscribe.ts';
