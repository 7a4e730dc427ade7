export type { EmailContent } from './content.ts';
export { claimLasts, deliver, expire } from './deliver.ts';
export { takeFeedback } from './feedback.ts';
export { canReceiveEmail, gate } from './gate.ts';
export { accountOfLink, openLink, signLink } from './links.ts';
export { queueMessage } from './queue-message.ts';
export { readUnsubscribeLink, unsubscribe } from './unsubscribe.ts';
