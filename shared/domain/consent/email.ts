// Who may be emailed: grants, withdrawals and suppressions. The later fact wins; at the same instant the withdrawal.
import type { AccountId } from '../../kernel/ids.ts';
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { ConsentState, Suppression, SuppressionReason } from '../../storage/items.ts';
import { type Standing, changeStanding } from './change.ts';

/** How a consent came about; shown in `subscriptions` and used by consent conditions. */
export interface ConsentMethod {
  method: string;
  detail?: string | null;
  customDetail?: string | null;
  doubleOptin?: boolean;
}

/** What a subscription lifts. Hard bounces and invalid addresses stay: they are facts of the mailbox, not a wish. */
const liftedByGrant: ReadonlySet<SuppressionReason> = new Set(['UNSUBSCRIBE', 'SPAM_COMPLAINT', 'USER_SUPPRESSED']);

/** A grant: subscribed at `at`. A grant that is older than what is known is ignored. `address` is normalised. */
export async function grantEmail(
  ports: Ports,
  account: AccountId,
  grant: { address: string; at: Instant; how: ConsentMethod },
): Promise<void> {
  const now = ports.clock.now();
  await changeStanding(ports, account, grant.address, (standing) => granted(standing, grant, now));
}

/** A withdrawal: unsubscribed at `at`, and suppressed. One that is older than a later grant is ignored. */
export async function withdrawEmail(
  ports: Ports,
  account: AccountId,
  withdrawal: { address: string; at: Instant; how: ConsentMethod },
): Promise<void> {
  const now = ports.clock.now();
  await changeStanding(ports, account, withdrawal.address, (standing) => withdrawn(standing, withdrawal, now));
}

/** A suppression that leaves consent as it is: a bounce, a complaint, a manual one. Known reasons keep their first time. */
export async function suppressEmail(
  ports: Ports,
  account: AccountId,
  suppression: { address: string; reason: SuppressionReason; at: Instant },
): Promise<void> {
  await changeStanding(ports, account, suppression.address, (standing) => {
    const suppressions = including(standing.suppressions, suppression.reason, suppression.at);
    return suppressions === standing.suppressions ? undefined : { ...standing, suppressions };
  });
}

/** The standing after a grant; undefined when nothing changes. Pure. */
export function granted(
  standing: Standing,
  grant: { at: Instant; how: ConsentMethod },
  now: Instant,
): Standing | undefined {
  const { consent } = standing;
  // An import of old consents must not undo a later withdrawal, and a retried job must not undo one either.
  if (consent && instantOf(consent.at) >= grant.at) return undefined;
  const suppressions = standing.suppressions.filter(
    ({ reason, at }) => !liftedByGrant.has(reason) || instantOf(at) >= grant.at,
  );
  return { consent: state('SUBSCRIBED', grant, now), suppressions };
}

/** The standing after a withdrawal; undefined when nothing changes. Pure. */
export function withdrawn(
  standing: Standing,
  withdrawal: { at: Instant; how: ConsentMethod },
  now: Instant,
): Standing | undefined {
  const { consent } = standing;
  if (consent?.state === 'SUBSCRIBED' && instantOf(consent.at) > withdrawal.at) return undefined;
  const suppressions = including(standing.suppressions, 'UNSUBSCRIBE', withdrawal.at);
  // Out already: remembered is the latest withdrawal, which grants have to outdo.
  const known = consent?.state === 'UNSUBSCRIBED' && instantOf(consent.at) >= withdrawal.at;
  if (known) return suppressions === standing.suppressions ? undefined : { consent, suppressions };
  return { consent: state('UNSUBSCRIBED', withdrawal, now), suppressions };
}

function state(to: ConsentState['state'], change: { at: Instant; how: ConsentMethod }, now: Instant): ConsentState {
  return {
    state: to,
    at: sortable(change.at),
    updated: sortable(now),
    method: change.how.method,
    method_detail: change.how.detail ?? null,
    custom_method_detail: change.how.customDetail ?? null,
    double_optin: change.how.doubleOptin ?? false,
  };
}

function including(suppressions: readonly Suppression[], reason: SuppressionReason, at: Instant) {
  if (suppressions.some((known) => known.reason === reason)) return suppressions;
  return [...suppressions, { reason, at: sortable(at) }];
}
