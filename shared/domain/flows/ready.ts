// What a message needs before it can go out.
import { refuse } from '../../kernel/errors.ts';
import type { Definition, Send } from './definition.ts';
import { sendsOf, statusOf } from './graph.ts';

/** The fields of its message without which it is not sent. */
const needed: { readonly [Type in Send['type']]: readonly string[] } = {
  'send-email': ['subject_line', 'template_id'],
  'send-sms': ['body'],
  'send-mobile-push': ['body'],
  'send-whatsapp': [],
  'send-webhook': ['url'],
  'send-internal-alert': ['subject_line', 'template_id'],
};

/** Refuses live actions whose messages lack something. */
export function checkReady(definition: Definition): void {
  for (const [index, action] of definition.actions.entries()) {
    if (statusOf(action) !== 'live') continue;
    for (const { id, type, data } of sendsOf(action)) {
      const message: Readonly<Record<string, unknown>> = { ...data.message };
      if (needed[type].every((field) => Boolean(message[field]))) continue;
      const fields = needed[type].map((field) => `a ${field}`).join(' and ');
      throw refuse('invalid', `Action ${index + 1} (${id}) needs ${fields} to go live.`);
    }
  }
}
