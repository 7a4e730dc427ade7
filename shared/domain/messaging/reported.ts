import { type Instant, instantOf } from '../../kernel/time.ts';
import type { MessageItem } from '../../storage/items.ts';
import type { Became } from './engagement.ts';
import type { Outcome } from './settle.ts';

/** A reported time; the present when it is none or lies ahead. */
export function reportedAt(text: string | number | undefined, now: Instant): Instant {
  const at = typeof text === 'number' ? text : instantOf(text ?? '');
  return !Number.isFinite(at) || at > now ? now : at;
}

/** What follows from a report for the message that it is about. */
export interface Effect {
  /** For messages that stand at one of `from`. */
  outcome: Outcome;
  from: readonly MessageItem['status'][];
  /** What became of it, as an event of its person. */
  became?: { word: Became; properties?: Readonly<Record<string, unknown>> };
}

/** Nothing was known of these until now. */
const open = ['CLAIMED', 'UNKNOWN'] as const;

/** Whatever happens to a message behind the provider's door shows that the provider took it. */
export const taken = (id: string): Effect => ({ outcome: { status: 'SENT', provider_id: id }, from: open });

/** The provider took it, and gave it up later. */
export const refusedLater = (id: string, reason: string): Effect => ({
  outcome: { status: 'FAILED', reason, provider_id: id },
  from: [...open, 'SENT'],
});
