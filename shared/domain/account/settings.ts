import type { AccountId } from '../../kernel/ids.ts';
import type { AccountItem, OptInProcess, QuietHours, Restocking } from '../../storage/items.ts';
import { accountKey } from '../../storage/patterns.ts';
import { readAccount } from './accounts.ts';
import type { Registry } from './registry.ts';

/** What the owner of an account may change. What is not given stays. */
export interface AccountSettings {
  /** How people opt in where no list says so, and into new lists. */
  optIn?: OptInProcess;
  /** Whether an unsubscribe from one list is one from all email. */
  unsubscribeIsGlobal?: boolean;
  /** The age in years that SMS is given at; null: any. */
  smsMinimumAge?: number | null;
  /** Whether an external id links profiles like any other identifier. */
  mergeOnExternalId?: boolean;
  /** Where SMS comes from, by country (ISO 3166) or `*`; what is named here replaces all that was. */
  smsSenders?: Readonly<Record<string, string>>;
  smsQuietHours?: QuietHours;
  /** ARNs of platform applications, by platform. */
  pushApplications?: Readonly<Record<string, string>>;
  /** Hours in which nobody is messaged twice, by channel. */
  smartSendingHours?: Readonly<Record<string, number>>;
  restocking?: Restocking;
  /** Whether calls are counted against the limits of their operations. */
  rateLimits?: boolean;
}

/** Changes an account; a 404 when there is none. In force everywhere within a minute. */
export async function changeAccount(ports: Registry, account: AccountId, settings: AccountSettings): Promise<void> {
  const { optIn, unsubscribeIsGlobal, smsMinimumAge, mergeOnExternalId } = settings;
  const { smsSenders, smsQuietHours, pushApplications, smartSendingHours, restocking, rateLimits } = settings;
  await readAccount(ports, account);
  await ports.store.write({
    update: accountKey(account),
    set: {
      ...(optIn !== undefined && { opt_in: optIn }),
      ...(unsubscribeIsGlobal !== undefined && { unsubscribe_is_global: unsubscribeIsGlobal }),
      ...(mergeOnExternalId !== undefined && { merge_on_external_id: mergeOnExternalId }),
      ...(smsSenders !== undefined && { sms_senders: smsSenders }),
      ...(smsQuietHours !== undefined && { sms_quiet_hours: smsQuietHours }),
      ...(pushApplications !== undefined && { push_applications: pushApplications }),
      ...(smartSendingHours !== undefined && { smart_sending_hours: smartSendingHours }),
      ...(restocking !== undefined && { restocking }),
      ...(rateLimits !== undefined && { rate_limits: rateLimits }),
      ...(typeof smsMinimumAge === 'number' && { sms_minimum_age: smsMinimumAge }),
    },
    ...(smsMinimumAge === null && { remove: ['sms_minimum_age'] }),
    if: { present: true },
  });
}

/**
 * The process of new lists, and of subscriptions that name none: single unless the owner chose otherwise. Callers with a
 * private key have asked the person themselves; what browsers send is bounded by itself (consent/visitor.ts).
 */
export const defaultOptIn = ({ opt_in = 'single_opt_in' }: Pick<AccountItem, 'opt_in'>): OptInProcess => opt_in;

/** What goes for accounts that say nothing of it: five people for a unit, and an hour for them to buy it. */
const usualRestocking: Restocking = { minimum: 1, per_unit: 5, wait_minutes: 60 };

/** How people are told that a variant is in stock again (behaviour 7). */
export const restockingOf = ({ restocking = usualRestocking }: Pick<AccountItem, 'restocking'>): Restocking =>
  restocking;
