// What follows from a changed profile.
import { sortable } from '../../shared/kernel/time.ts';
import { differ } from '../../shared/kernel/json.ts';
import type { DomainEvent } from '../../shared/domain-events.ts';
import { mayChoose } from '../../shared/domain/identity/index.ts';
import { changedPlaces } from '../../shared/domain/segments/index.ts';
import type { ProfileItem } from '../../shared/storage/items.ts';
import { changedDates } from './dates.ts';
import { type Rule, type Turn, type Work, look, nothing } from './rule.ts';

/** The attributes of a profile that segments look at as properties. Consent has its own; the rest is derived. */
const properties = ['email', 'phone_number', 'external_id', 'anonymous_id', 'attributes', 'properties'] as const;
const consent = ['consents', 'email_suppressions', 'email_list_suppressions'] as const;

const addresses = ['email', 'other_emails'] as const;

/** Suppressions have entries of their own in the index, which follow. */
const suppressed: Rule<ProfileItem> = ({ before, after, account }) => {
  const [was, is] = [before, after].map((item) => [
    item?.email_suppressions ?? [],
    item?.email_list_suppressions ?? [],
  ]);
  const id = (after ?? before)?.id;
  if (id === undefined || !differ(was, is)) return nothing;
  return { work: [{ queue: 'segments', body: { type: 'file-suppressions', account, profile: id } }] };
};

/** Another of the addresses may be the better primary one. */
const primary = ({ before, account }: Turn<ProfileItem>, after: ProfileItem): Work[] => {
  const isNew = [...addresses, ...consent].some((name) => !before || differ(before[name], after[name]));
  if (!isNew || !mayChoose(after)) return [];
  return [{ queue: 'segments', body: { type: 'choose-primary', account, profile: after.id } }];
};

/** Other dates than before, or another place with perhaps another time zone. */
const dates = ({ before, account, at }: Turn<ProfileItem>, after: ProfileItem): Work[] => {
  const changed = changedDates(before?.properties, after.properties);
  if (changed.length === 0 && (!before || before.attributes === after.attributes)) return [];
  const body = { type: 'dates', account, profile: after.id, properties: changed, at: sortable(at) } as const;
  return [{ queue: 'flows', body }];
};

export const profile: Rule<ProfileItem> = (turn) => {
  const { before, after, account } = turn;
  const { work: filing = [] } = suppressed(turn);
  if (!after) return { work: filing };
  const created: DomainEvent[] = before
    ? []
    : [{ type: 'profile.created', account, detail: { profile: after.id, created: after.created } }];
  const changed = {
    properties: properties.some((name) => !before || differ(before[name], after[name])),
    consent: consent.some((name) => !before || differ(before[name], after[name])),
  };
  const places = before && changed.properties ? changedPlaces(before, after) : undefined;
  const facts = { ...changed, ...(places && { places }) };
  const work = changed.properties || changed.consent ? [look(account, after.id, facts)] : [];
  return { work: [...work, ...filing, ...primary(turn, after), ...dates(turn, after)], events: created };
};
