// What people answer to texts: STOP and START change their consent (behaviour 3.7); the provider replies by itself.
import * as z from 'zod/mini';
import { accountId } from '../../kernel/ids.ts';
import { type Instant, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { AccountItem, ConsentKind } from '../../storage/items.ts';
import { listAccounts } from '../account/index.ts';
import { grant, withdraw } from '../consent/index.ts';
import { normalise } from '../identity/index.ts';

/** An answer as AWS End User Messaging publishes it to the topic of a two-way number. */
const answer = z.object({
  originationNumber: z.string(),
  destinationNumber: z.string(),
  messageBody: z.string(),
  inboundMessageId: z.string(),
});
export type TextAnswer = z.infer<typeof answer>;

/** The answer in a notification; undefined when it is none. */
export function textAnswerOf(notification: unknown): TextAnswer | undefined {
  const found = answer.safeParse(notification);
  return found.success ? found.data : undefined;
}

/** Each of these anywhere in the text is a withdrawal: whoever says stop is not asked what they meant. */
const anywhere = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'OPTOUT', 'ARRET', 'STOPP', 'BAJA', 'PARAR']);
/** These are one when they are all that is said: sentences have them too. */
const alone = new Set(['QUIT', 'END', 'CANCEL', 'REVOKE', 'ALTO', 'FIN']);
const joins = new Set(['START', 'UNSTOP', 'YES', 'Y']);

/** What a text asks for; undefined: nothing that changes consent. Marks, case and accents do not matter. */
export function wishIn(text: string): 'stop' | 'start' | undefined {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const whole = words.join('');
  if (joins.has(whole)) return 'start';
  if (alone.has(whole) || anywhere.has(whole) || words.some((word) => anywhere.has(word))) return 'stop';
  return undefined;
}

/** Answers concern marketing and transactional texts alike: the carrier blocks both. */
const kinds: readonly ConsentKind[] = ['sms', 'sms_transactional'];

/**
 * Takes an answer in, as of `at`: in the accounts that send from the number, or in all of the deployment when none is
 * known to (a pool or a short code has other names). A grant never reaches further than accounts that are known to send.
 * What was said later stands; twice is once.
 */
export async function takeTextAnswer(ports: Ports, said: TextAnswer, at: Instant): Promise<void> {
  const wish = wishIn(said.messageBody);
  const number = normalise('phone_number', said.originationNumber);
  if (wish === undefined || number === undefined) return ports.log.info('a text that changes nothing');
  const accounts = await listAccounts(ports);
  const senders = accounts.filter((one) => sendsFrom(one, said.destinationNumber));
  const concerned = senders.length > 0 || wish === 'start' ? senders : accounts;
  const how = { method: 'INBOUND_MESSAGE', detail: said.inboundMessageId };
  for (const account of concerned) {
    for (const kind of kinds) {
      const change = wish === 'stop' ? withdraw : grant;
      await change(ports, accountId(account.id), { kind, of: number, at, how });
    }
  }
  ports.log.info('consent to texts changed by an answer', { wish, accounts: concerned.length, at: sortable(at) });
}

const sendsFrom = ({ sms_senders: senders = {} }: AccountItem, number: string) =>
  Object.values(senders).some((one) => one === number);
