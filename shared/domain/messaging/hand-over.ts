import { shardOf } from '../../kernel/ids.ts';
import { type Instant, minute, second } from '../../kernel/time.ts';
import { HandoverPostponed, HandoverRefused, type Ports } from '../../ports.ts';
import type { Outgoing } from './prepare.ts';
import type { Outcome } from './settle.ts';

/** A claim without an outcome counts as unknown after this time: longer than any worker lives. */
export const claimLasts = 15 * minute;

/** How long a message waits that the provider had no room for: a minute, spread so that they do not all come at once. */
export const pauseOf = (message: string): Instant => minute + shardOf(message, 60) * second;

type Providers = Pick<Ports, 'mail' | 'sms' | 'push'>;

/** What the provider answers to a message; undefined when its answer was lost. */
export async function answerTo(ports: Providers, outgoing: Outgoing): Promise<Outcome | 'postponed' | undefined> {
  try {
    const { id } = await give(ports, outgoing);
    return { status: 'SENT', provider_id: id };
  } catch (error) {
    if (error instanceof HandoverPostponed) return 'postponed';
    return error instanceof HandoverRefused ? { status: 'FAILED', reason: error.message } : undefined;
  }
}

function give(ports: Providers, outgoing: Outgoing): Promise<{ id: string }> {
  if (outgoing.channel === 'email') return ports.mail.send(outgoing.email);
  return outgoing.channel === 'sms' ? ports.sms.send(outgoing.text) : ports.push.send(outgoing.push);
}
