// Suppressions of profiles in the order of suppressing: which there are, which a filter means, and their entries in the
// index, which follow from what profiles carry.
import type { AccountId } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/errors.ts';
import { type Filter, isWithin, rangeOf, textsIn } from '../../jsonapi/query/filter.ts';
import type { Ports } from '../../ports.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { ProfileItem, SuppressedItem, SuppressionReason } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { type SuppressionName, profileKey, suppressedItem, suppressionsOfProfile } from '../../storage/patterns.ts';
import { compareText } from '../../storage/range.ts';
import { type Check, type Put, type Remove, removalOf } from '../../storage/store.ts';

const everywhere = 'subscriptions.email.marketing.suppression';
const ofLists = 'subscriptions.email.marketing.list_suppressions';

/** The fields that a sort may name. */
export const suppressionSorts = [`${ofLists}.timestamp`, `${everywhere}.timestamp`] as const;

const timestamp = {
  operators: ['greater-or-equal', 'greater-than', 'less-or-equal', 'less-than'],
  type: 'datetime',
} as const;
const text = { operators: ['equals'], type: 'string' } as const;

export const suppressionFilters = {
  [`${ofLists}.reason`]: text,
  [`${ofLists}.timestamp`]: timestamp,
  [`${ofLists}.list_id`]: text,
  [`${everywhere}.reason`]: text,
  [`${everywhere}.timestamp`]: timestamp,
} as const;

const reasons: readonly SuppressionReason[] = [
  'HARD_BOUNCE',
  'INVALID_EMAIL',
  'SPAM_COMPLAINT',
  'UNSUBSCRIBE',
  'USER_SUPPRESSED',
];

/** Which suppressions are meant: of all email or of one list, for any of these reasons, in a range of time. */
export interface Suppressions {
  list?: string;
  reasons: readonly SuppressionReason[];
  range: { from?: string; to?: string };
}

/**
 * The suppressions that a listing is about; undefined when neither filter nor sort names any. Refuses what the rules do
 * not allow (behaviour 1.2): suppressions of all email and of lists are not mixed, one condition on the time, and of
 * lists the list must be named.
 */
export function suppressionsAsked(filters: readonly Filter[], sort: string | undefined): Suppressions | undefined {
  const fields = [...filters.map(({ field }) => field), sort ?? ''];
  const [global, listed] = [everywhere, ofLists].map((kind) => fields.some((field) => field.startsWith(`${kind}.`)));
  if (!global && !listed) return undefined;
  if (global && listed) {
    throw refuse('invalid', `A filter or sort names either ${everywhere} or ${ofLists}, not both.`, 'filter');
  }
  const kind = global ? everywhere : ofLists;
  const times = filters.filter(({ field }) => field === `${kind}.timestamp`);
  if (times.length > 1) throw refuse('invalid', `Give one condition on ${kind}.timestamp, not more.`, 'filter');
  const list = listed ? oneOf(filters, `${ofLists}.list_id`) : undefined;
  if (listed && list === undefined) {
    throw refuse('invalid', `Name the list: add equals(${ofLists}.list_id,"…") to the filter.`, 'filter');
  }
  const reason = oneOf(filters, `${kind}.reason`);
  return {
    ...(list !== undefined && { list }),
    reasons: reasons.filter((one) => reason === undefined || one === reason),
    range: rangeOf(times),
  };
}

/** The text that the field must be equal to; refuses two of them. */
function oneOf(filters: readonly Filter[], field: string): string | undefined {
  const values = textsIn(filters, field);
  if (new Set(values).size > 1) throw refuse('invalid', `Give one condition on ${field}, not more.`, 'filter');
  return values[0];
}

/** The suppressions of a profile that are meant, the earliest first. */
export function suppressionsMeant(item: ProfileItem, { list, reasons: wanted, range }: Suppressions): Suppressed[] {
  return suppressionsOf(item)
    .filter(({ name, since }) => name.list === list && wanted.includes(name.reason) && isWithin(range, since))
    .sort((a, b) => compareText(a.since, b.since) || compareText(a.name.reason, b.name.reason));
}

/** One suppression and since when, `sortable`. */
interface Suppressed {
  name: SuppressionName;
  since: string;
}

/** Every suppression of a profile; of the same list and reason the first. */
function suppressionsOf({
  email_suppressions: all = [],
  email_list_suppressions: lists = [],
}: ProfileItem): Suppressed[] {
  const named: Suppressed[] = [
    ...all.map(({ reason, at }) => ({ name: { reason }, since: at })),
    ...lists.map(({ list, reason, at }) => ({ name: { list, reason }, since: at })),
  ];
  const first = new Map<string, Suppressed>();
  for (const one of named) {
    const key = JSON.stringify([one.name.list, one.name.reason]);
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

/** A transaction takes a hundred actions; one is the check of the profile. */
const mostWrites = 99;

/** Brings the entries of a profile's suppressions in line with what it carries; of a profile that is gone none stay. */
export async function fileSuppressions(ports: Ports, account: AccountId, id: string): Promise<void> {
  await untilWon(async () => {
    const [profile, filed] = await Promise.all([
      ports.store.get(profileKey(account, id)),
      everything(ports.store, suppressionsOfProfile(account, id)),
    ]);
    const wanted = (profile ? suppressionsOf(profile) : []).map(({ name, since }) =>
      suppressedItem(account, id, name, since),
    );
    const unmoved: Check = {
      check: profileKey(account, id),
      if: profile ? { equals: { version: profile.version } } : { absent: true },
    };
    const writes = changesBetween(filed, wanted);
    for (let from = 0; from < writes.length; from += mostWrites) {
      await ports.store.transact([unmoved, ...writes.slice(from, from + mostWrites)]);
    }
  });
}

function changesBetween(filed: readonly SuppressedItem[], wanted: readonly SuppressedItem[]): (Put | Remove)[] {
  const places = new Map(filed.map((item) => [item.sk, item.gsk]));
  const kept = new Set(wanted.map(({ sk }) => sk));
  return [
    ...wanted.filter(({ sk, gsk }) => places.get(sk) !== gsk).map((put) => ({ put })),
    ...filed.filter(({ sk }) => !kept.has(sk)).map(removalOf),
  ];
}
