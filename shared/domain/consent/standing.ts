// Who may be written to: what grants, withdrawals and suppressions make of a standing. Pure. The later fact wins; at the
// same instant the withdrawal.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { ConsentKind, ConsentState, Suppression, SuppressionReason } from '../../storage/items.ts';
import type { ConsentMethod, Standing } from '../identity/index.ts';

export { type ConsentMethod, type Standing, standingOf } from '../identity/index.ts';

/** A grant or withdrawal of one consent, and when it was given. */
export interface Word {
  kind: ConsentKind;
  at: Instant;
  how: ConsentMethod;
}

/**
 * What a subscription to email lifts. Hard bounces and invalid addresses stay: they are facts of the mailbox, not a wish
 * (behaviour of bulk_subscribe_profiles).
 */
const liftedByGrant: ReadonlySet<SuppressionReason> = new Set(['UNSUBSCRIBE', 'SPAM_COMPLAINT', 'USER_SUPPRESSED']);

/** The standing after a grant; undefined when nothing changes. A grant that is older than what is known is ignored. */
export function granted(standing: Standing, word: Word, now: Instant): Standing | undefined {
  const consent = standing.consents[word.kind];
  // An import of old consents must not undo a later withdrawal, and a retried job must not undo one either.
  if (consent && instantOf(consent.at) >= word.at) return undefined;
  return {
    ...standing,
    consents: { ...standing.consents, [word.kind]: state('SUBSCRIBED', word, now) },
    ...(word.kind === 'email' && {
      suppressions: standing.suppressions.filter(
        ({ reason, at }) => !liftedByGrant.has(reason) || instantOf(at) >= word.at,
      ),
    }),
  };
}

/**
 * The standing after a withdrawal; undefined when nothing changes. One that is older than a later grant is ignored. A
 * withdrawal from email suppresses the address.
 */
export function withdrawn(standing: Standing, word: Word, now: Instant): Standing | undefined {
  const consent = standing.consents[word.kind];
  if (consent?.state === 'SUBSCRIBED' && instantOf(consent.at) > word.at) return undefined;
  const suppressions =
    word.kind === 'email' ? including(standing.suppressions, 'UNSUBSCRIBE', word.at) : standing.suppressions;
  // Out already: remembered is the latest withdrawal, which grants have to outdo.
  const known = consent?.state === 'UNSUBSCRIBED' && instantOf(consent.at) >= word.at;
  if (known) return suppressions === standing.suppressions ? undefined : { ...standing, suppressions };
  const consents = { ...standing.consents, [word.kind]: state('UNSUBSCRIBED', word, now) };
  return { ...standing, consents, suppressions };
}

/** The standing after a suppression, which leaves consent as it is. Known reasons keep their first time. */
export function suppressed(standing: Standing, reason: SuppressionReason, at: Instant): Standing | undefined {
  const suppressions = including(standing.suppressions, reason, at);
  return suppressions === standing.suppressions ? undefined : { ...standing, suppressions };
}

function state(to: ConsentState['state'], { at, how }: Word, now: Instant): ConsentState {
  return {
    state: to,
    at: sortable(at),
    updated: sortable(now),
    method: how.method,
    method_detail: how.detail ?? null,
    custom_method_detail: how.customDetail ?? null,
    double_optin: how.doubleOptin ?? false,
  };
}

function including(suppressions: readonly Suppression[], reason: SuppressionReason, at: Instant) {
  if (suppressions.some((known) => known.reason === reason)) return suppressions;
  return [...suppressions, { reason, at: sortable(at) }];
}
