import { shardOf } from '../../kernel/ids.ts';
import { type Instant, minute, second } from '../../kernel/time.ts';
import { type Email, HandoverPostponed, HandoverRefused, HttpRefused, type Ports } from '../../ports.ts';
import type { Outgoing } from './prepare.ts';
import type { Outcome } from './settle.ts';

/** A claim without an outcome counts as unknown after this time: longer than any worker lives. */
export const claimLasts = 15 * minute;

/** How long the pauses grow: a provider that is down for hours is not asked for each message every minute (I21). */
const longestPause = 30 * minute;

/**
 * How long a message waits that the provider had no room for, `before` times already: a minute, then twice as long each time,
 * spread so that they do not all come at once.
 */
export function pauseOf(message: string, before = 0): Instant {
  const spread = shardOf(message, 60) * second;
  return Math.min((minute + spread) * 2 ** Math.min(before, 10), longestPause + spread);
}

type Providers = Pick<Ports, 'http' | 'mail' | 'sms' | 'push'>;

/** What a provider made of a message. */
export interface Answer {
  outcome: Outcome;
  /** Push tokens that are dead. */
  gone: readonly string[];
}

/** What the provider answers to a message; undefined when its answer was lost. */
export async function answerTo(ports: Providers, outgoing: Outgoing): Promise<Answer | 'postponed' | undefined> {
  try {
    const { id, gone = [] } = await give(ports, outgoing);
    return { outcome: { status: 'SENT', provider_id: id }, gone };
  } catch (error) {
    if (error instanceof HandoverPostponed) return 'postponed';
    if (!(error instanceof HandoverRefused)) return undefined;
    return { outcome: { status: 'FAILED', reason: error.message }, gone: error.gone };
  }
}

function give(ports: Providers, outgoing: Outgoing): Promise<{ id: string; gone?: readonly string[] }> {
  if (outgoing.channel === 'webhook') return call(ports, outgoing);
  if (outgoing.channel === 'alert') return alert(ports, outgoing.emails);
  if (outgoing.channel === 'email') return ports.mail.send(outgoing.email);
  return outgoing.channel === 'sms' ? ports.sms.send(outgoing.text) : ports.push.send(outgoing.push);
}

/** What a server answers that may take the call later. */
const later: ReadonlySet<number> = new Set([429, 500, 502, 503]);

/** Any 2xx is a success; a server without room is called again, anything else is an end (behaviour 5.7). */
async function call(
  { http }: Providers,
  { call: request, again }: Extract<Outgoing, { channel: 'webhook' }>,
): Promise<{ id: string }> {
  const status = await http.request(request).then(
    (reply) => reply.status,
    (error: unknown) => {
      throw error instanceof HttpRefused ? new HandoverRefused(error.message) : error;
    },
  );
  if (status >= 200 && status < 300) return { id: '' };
  if (later.has(status) && again) throw new HandoverPostponed(`The server answered ${status}.`);
  throw new HandoverRefused(`The server answered ${status}.`);
}

/** One after the other; what fails on the way is not begun anew, so that nobody is told twice. */
async function alert({ mail }: Providers, emails: readonly Email[]): Promise<{ id: string }> {
  let id = '';
  for (const email of emails) ({ id } = await mail.send(email));
  return { id };
}
