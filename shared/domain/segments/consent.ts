// Conditions on consent: whether a channel may be used, what was said of it, and when and how.
import { instantOf, type Instant } from '../../kernel/time.ts';
import type { ConsentState, SuppressionReason } from '../../storage/items.ts';
import { acceptsEmail, acceptsPush, acceptsSms, isSubscribed } from '../identity/index.ts';
import { matches } from './compare.ts';
import type { ConsentCondition, Permissions } from './definition.ts';
import type { DateFilter } from './filters.ts';
import type { Snapshot } from './snapshot.ts';
import { type Truth, allOf, always, within } from './timeline.ts';
import { spansOfDate } from './windows.ts';

/** A filter on a consent or a suppression, as `consent-filters.ts` declares them. */
export interface Detail {
  field: string;
  method?: string;
  filter?: { type: string; operator: string; value?: unknown } | null | undefined;
}

/** The filters of a condition on consent. */
export function detailsOf({ consent }: ConsentCondition): readonly Detail[] {
  const { consent_status: status } = consent;
  return 'filters' in status && Array.isArray(status.filters) ? (status.filters as Detail[]) : [];
}

/** The truth of a condition on marketing by email, SMS or push. All of its filters must hold. */
export function ofConsent(condition: ConsentCondition, snapshot: Snapshot, now: Instant): Truth {
  const { channel, can_receive_marketing: can, consent_status: status } = condition.consent;
  const said = snapshot.consents[channel];
  if (canReceive[channel](snapshot) !== can) return always(false);
  if (status.subscription !== 'any' && status.subscription !== subscriptionOf(said)) return always(false);
  return allOf(detailsOf(condition).map((detail) => ofDetail(detail, said, snapshot, now)));
}

const canReceive = {
  email: ({ person, ...said }) => person.email !== null && acceptsEmail(said),
  sms: ({ consents }) => acceptsSms(consents),
  push: ({ consents }) => acceptsPush(consents),
} as const satisfies Record<ConsentCondition['consent']['channel'], (snapshot: Snapshot) => boolean>;

const subscriptionOf = (said: ConsentState | undefined) =>
  said === undefined ? 'never_subscribed' : isSubscribed(said) ? 'subscribed' : 'unsubscribed';

const suppressionFields: Readonly<Record<string, SuppressionReason>> = {
  bounce_date: 'HARD_BOUNCE',
  manual_suppression_date: 'USER_SUPPRESSED',
  invalid_email_date: 'INVALID_EMAIL',
};

function ofDetail(detail: Detail, said: ConsentState | undefined, { suppressions }: Snapshot, now: Instant): Truth {
  const reason = suppressionFields[detail.field];
  if (reason !== undefined) return ofDate(detail, suppressions.find((one) => one.reason === reason)?.at, now);
  if (said === undefined) return always(false);
  return ofSaid(detail, said, now);
}

/** A filter on a date that may not be known: `is-set` asks only for that. */
function ofDate({ filter }: Detail, at: string | undefined, now: Instant): Truth {
  if (at === undefined || !filter) return always(false);
  if (filter.type === 'existence') return always(filter.operator === 'is-set');
  return within(spansOfDate(filter as DateFilter, instantOf(at), now), now);
}

function ofSaid(detail: Detail, said: ConsentState, now: Instant): Truth {
  const { field, filter } = detail;
  if (field === 'status_date' || field === 'effective_date') return ofDate(detail, said.at, now);
  if (field === 'recorded_date') return ofDate(detail, said.updated, now);
  if (field === 'is_double_opt_in') return always((said.double_optin ?? false) === filter?.value);
  if (field === 'custom_source') return always(is(said.custom_method_detail, filter));
  // Of RCS nothing is known; what is not known matches nothing.
  if (field !== 'method' && field !== 'subscribe_method') return always(false);
  return always(said.method?.toLowerCase() === detail.method && (!filter || is(said.method_detail, filter)));
}

/** A text that must be, or be one of, what the filter says. */
function is(text: string | null, filter: Detail['filter']): boolean {
  if (!filter || text === null || text === '') return false;
  return matches(text, filter as Parameters<typeof matches>[1]);
}

const kindOf = { whatsapp_marketing: 'whatsapp', whatsapp_transactional: 'whatsapp_transactional' } as const;

/**
 * The truth of a condition on WhatsApp. Explicit is what the person said. Who never said anything cannot be written to, and
 * so is implicitly unreachable; nobody is implicitly reachable.
 */
export function ofPermissions({ permission, channel }: Permissions, snapshot: Snapshot, now: Instant): Truth {
  const said = snapshot.consents[kindOf[channel]];
  const standing = said === undefined ? 'implicitly_unreachable' : explicit[said.state];
  const wanted = permission.reachable_status;
  const either = wanted.replace('implicitly_or_explicitly_', '');
  const fits = wanted === either ? standing === wanted : standing.endsWith(`_${either}`);
  if (!fits) return always(false);
  if (said === undefined || !('filters' in permission)) return always(true);
  return allOf(permission.filters.map((detail) => ofSaid(detail, said, now)));
}

const explicit = { SUBSCRIBED: 'explicitly_reachable', UNSUBSCRIBED: 'explicitly_unreachable' } as const;
