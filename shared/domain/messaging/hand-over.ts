import { shardOf } from '../../kernel/ids.ts';
import { type Instant, minute, second } from '../../kernel/time.ts';
import { type Email, HandoverPostponed, HandoverRefused, type Ports } from '../../ports.ts';
import type { Outcome } from './settle.ts';

/** A claim without an outcome counts as unknown after this time: longer than any worker lives. */
export const claimLasts = 15 * minute;

/** How long a message waits that the provider had no room for: a minute, spread so that they do not all come at once. */
export const pauseOf = (message: string): Instant => minute + shardOf(message, 60) * second;

/** What the provider answers to an email; undefined when its answer was lost. */
export async function answerTo(ports: Pick<Ports, 'mail'>, email: Email): Promise<Outcome | 'postponed' | undefined> {
  try {
    const { id } = await ports.mail.send(email);
    return { status: 'SENT', provider_id: id };
  } catch (error) {
    if (error instanceof HandoverPostponed) return 'postponed';
    return error instanceof HandoverRefused ? { status: 'FAILED', reason: error.message } : undefined;
  }
}
