// What is known of one address or number, as rules work with it. The rules of grants, withdrawals and suppressions are
// consent's; what becomes of two standings when two profiles become one is here.
import type { Consents, ContactItem, ListSuppression, SoftBounce, Suppression } from '../../storage/items.ts';

/** What is known of one address or number. */
export interface Standing {
  consents: Consents;
  suppressions: readonly Suppression[];
  listSuppressions: readonly ListSuppression[];
  /** List id to when it was last subscribed to, `sortable`. */
  listGrants: Readonly<Record<string, string>>;
  /** Messages that bounced softly since the last one that arrived. */
  softBounces: readonly SoftBounce[];
  /** When the message arrived that ended a row of soft bounces, `sortable`. */
  arrived: string | undefined;
}

/** How a consent came about; shown in `subscriptions` and used by consent conditions. */
export interface ConsentMethod {
  method: string;
  detail?: string | null;
  customDetail?: string | null;
  doubleOptin?: boolean;
}

/** The standing that a contact item holds; without one nothing is known. */
export function standingOf(item: ContactItem | undefined): Standing {
  return {
    consents: item?.consents ?? {},
    suppressions: item?.suppressions ?? [],
    listSuppressions: item?.list_suppressions ?? [],
    listGrants: item?.list_grants ?? {},
    softBounces: item?.soft_bounces ?? [],
    arrived: item?.arrived,
  };
}

/** The parts of a contact item that hold a standing. What is not set takes no room. */
export function storedStanding(standing: Standing) {
  const { consents, suppressions, listSuppressions, listGrants, softBounces, arrived } = standing;
  return {
    suppressions: [...suppressions],
    ...(Object.keys(consents).length > 0 && { consents }),
    ...(listSuppressions.length > 0 && { list_suppressions: [...listSuppressions] }),
    ...(Object.keys(listGrants).length > 0 && { list_grants: listGrants }),
    ...(softBounces.length > 0 && { soft_bounces: [...softBounces] }),
    ...(arrived !== undefined && { arrived }),
  };
}

/**
 * The standing of an address of a person who is also known by another address: withdrawals and suppressions of either
 * stay (behaviour 1.5, "if either profile is suppressed the result is suppressed"). `own` itself when that adds nothing.
 */
export function restrictedBy(own: Standing, other: Standing): Standing {
  const consents = withdrawalsOf(own.consents, other.consents);
  const suppressions = other.suppressions.filter(
    ({ reason }) => !own.suppressions.some((one) => one.reason === reason),
  );
  const listSuppressions = other.listSuppressions.filter(
    ({ list, reason }) => !own.listSuppressions.some((one) => one.list === list && one.reason === reason),
  );
  if (consents === own.consents && suppressions.length === 0 && listSuppressions.length === 0) return own;
  return {
    ...own,
    consents,
    suppressions: [...own.suppressions, ...suppressions],
    listSuppressions: [...own.listSuppressions, ...listSuppressions],
  };
}

/**
 * The consents with what was withdrawn elsewhere. A withdrawal counts as late as the grant that it outranks, so that
 * this grant, told again, does not undo it.
 */
export function withdrawalsOf(own: Consents, other: Consents): Consents {
  const withdrawn = Object.entries(other).flatMap(([kind, consent]) => {
    const known = own[kind as keyof Consents];
    if (consent.state !== 'UNSUBSCRIBED' || known?.state === 'UNSUBSCRIBED') return [];
    return [[kind, { ...consent, at: known && known.at > consent.at ? known.at : consent.at }] as const];
  });
  return withdrawn.length === 0 ? own : { ...own, ...Object.fromEntries(withdrawn) };
}
