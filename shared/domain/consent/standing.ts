// Who may be written to: what grants, withdrawals and suppressions make of a standing. Pure. The later fact wins; at the
// same instant the withdrawal.
import { type Instant, day, instantOf, sortable } from '../../kernel/time.ts';
import type { ConsentKind, ConsentState, Suppression, SuppressionReason } from '../../storage/items.ts';
import type { ConsentMethod, Standing } from '../identity/index.ts';

/** A grant or withdrawal of one consent, and when it was given. */
export interface Word {
  kind: ConsentKind;
  at: Instant;
  how: ConsentMethod;
  /** The list that it was given to; only grants of email. */
  list?: string;
}

/**
 * What a subscription to email lifts. Hard bounces and invalid addresses stay: they are facts of the mailbox, not a wish
 * (behaviour of bulk_subscribe_profiles).
 */
const liftedByGrant: ReadonlySet<SuppressionReason> = new Set(['UNSUBSCRIBE', 'SPAM_COMPLAINT', 'USER_SUPPRESSED']);

/** What goes out together: who opts out of one kind of SMS opts out of both. */
const outTogether: { readonly [Kind in ConsentKind]?: readonly ConsentKind[] } = {
  sms: ['sms', 'sms_transactional'],
  sms_transactional: ['sms', 'sms_transactional'],
};

/**
 * The standing after a grant; undefined when nothing changes. A grant that is older than what is known is ignored. One
 * to a list also lifts what kept the person out of that list.
 */
export function granted(standing: Standing, word: Word, now: Instant): Standing | undefined {
  const listed = word.list === undefined ? standing : grantedToList(standing, word.list, word.at);
  const consent = standing.consents[word.kind];
  // An import of old consents must not undo a later withdrawal, and a retried job must not undo one either.
  if (consent && instantOf(consent.at) >= word.at) return listed === standing ? undefined : listed;
  return {
    ...listed,
    consents: { ...standing.consents, [word.kind]: state('SUBSCRIBED', word, now) },
    ...(word.kind === 'email' && {
      suppressions: standing.suppressions.filter((one) => !liftedByGrant.has(one.reason) || lastSaid(one) >= word.at),
    }),
  };
}

function grantedToList(standing: Standing, list: string, at: Instant): Standing {
  const known = standing.listGrants[list];
  if (known !== undefined && instantOf(known) >= at) return standing;
  return {
    ...standing,
    listGrants: { ...standing.listGrants, [list]: sortable(at) },
    listSuppressions: standing.listSuppressions.filter((one) => one.list !== list || instantOf(one.at) >= at),
  };
}

/**
 * The standing after a withdrawal; undefined when nothing changes. One that is older than a later grant is ignored. A
 * withdrawal from email suppresses the address, for `reason`; one from either kind of SMS is one from both.
 */
export function withdrawn(
  standing: Standing,
  word: Word,
  now: Instant,
  reason: SuppressionReason = 'UNSUBSCRIBE',
): Standing | undefined {
  const kinds = outTogether[word.kind] ?? [word.kind];
  const out = kinds.reduce((before, kind) => withdrawnFrom(before, { ...word, kind }, now, reason), standing);
  return out === standing ? undefined : out;
}

function withdrawnFrom(standing: Standing, word: Word, now: Instant, reason: SuppressionReason): Standing {
  const consent = standing.consents[word.kind];
  if (consent?.state === 'SUBSCRIBED' && instantOf(consent.at) > word.at) return standing;
  const suppressions =
    word.kind === 'email' ? including(standing.suppressions, reason, word.at) : standing.suppressions;
  // Out already: remembered is the latest withdrawal, which grants have to outdo.
  const known = consent?.state === 'UNSUBSCRIBED' && instantOf(consent.at) >= word.at;
  if (known) return suppressions === standing.suppressions ? standing : { ...standing, suppressions };
  const consents = { ...standing.consents, [word.kind]: state('UNSUBSCRIBED', word, now) };
  return { ...standing, consents, suppressions };
}

/**
 * The standing after a suppression, which leaves consent as it is. Known reasons keep their first time. One that a later
 * grant of email would have lifted is ignored.
 */
export function suppressed(standing: Standing, reason: SuppressionReason, at: Instant): Standing | undefined {
  const { email } = standing.consents;
  if (liftedByGrant.has(reason) && email?.state === 'SUBSCRIBED' && instantOf(email.at) > at) return undefined;
  const suppressions = including(standing.suppressions, reason, at);
  return suppressions === standing.suppressions ? undefined : { ...standing, suppressions };
}

/** The standing after a suppression by hand was taken back; whatever else suppresses the address stays. */
export function unsuppressed(standing: Standing, at: Instant): Standing | undefined {
  const suppressions = standing.suppressions.filter((one) => one.reason !== 'USER_SUPPRESSED' || lastSaid(one) >= at);
  return suppressions.length === standing.suppressions.length ? undefined : { ...standing, suppressions };
}

/** The standing after the person left one list and nothing else. Older than a later subscription to it: ignored. */
export function outOfList(standing: Standing, list: string, at: Instant): Standing | undefined {
  const granted = standing.listGrants[list];
  if (granted !== undefined && instantOf(granted) > at) return undefined;
  const others = standing.listSuppressions.filter((one) => one.list !== list);
  const known = standing.listSuppressions.find((one) => one.list === list);
  if (known && instantOf(known.at) >= at) return undefined;
  return { ...standing, listSuppressions: [...others, { list, reason: 'UNSUBSCRIBE', at: sortable(at) }] };
}

/** More soft bounces than this, one after the other, are as good as a hard one. */
const mostSoftBounces = 7;
/** Older ones do not count. */
const softBouncesCount = 2 * 365 * day;

/** The standing after a message that bounced softly; the eighth in a row suppresses. Of one message, one counts. */
export function bouncedSoftly(
  standing: Standing,
  { message, at }: { message: string; at: Instant },
  now: Instant,
): Standing | undefined {
  if (standing.arrived !== undefined && instantOf(standing.arrived) >= at) return undefined;
  if (standing.softBounces.some((one) => one.message === message)) return undefined;
  const softBounces = [...standing.softBounces, { message, at: sortable(at) }]
    .filter((one) => instantOf(one.at) > now - softBouncesCount)
    .slice(-mostSoftBounces - 1);
  const next = { ...standing, softBounces };
  if (softBounces.length <= mostSoftBounces) return next;
  return suppressed(next, 'HARD_BOUNCE', at) ?? next;
}

/** The standing after a message arrived at `at`: soft bounces before it count no more. */
export function arrived(standing: Standing, at: Instant): Standing | undefined {
  const softBounces = standing.softBounces.filter((one) => instantOf(one.at) > at);
  if (softBounces.length === standing.softBounces.length) return undefined;
  return { ...standing, softBounces, arrived: sortable(at) };
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

const lastSaid = ({ at, latest }: Suppression): Instant => instantOf(latest ?? at);

function including(suppressions: readonly Suppression[], reason: SuppressionReason, at: Instant) {
  const known = suppressions.find((one) => one.reason === reason);
  if (!known) return [...suppressions, { reason, at: sortable(at) }];
  if (!liftedByGrant.has(reason) || lastSaid(known) >= at) return suppressions;
  return suppressions.map((one) => (one === known ? { ...one, latest: sortable(at) } : one));
}
