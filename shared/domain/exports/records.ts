// What each kind of item of a person is in an export: as the API shows it elsewhere, and where it shows it nowhere, so that
// people can read it.
import type { Resource } from '../../jsonapi/resource.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { isoOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type {
  ContactItem,
  CouponGrantItem,
  DefinitionKind,
  EnrolmentItem,
  EventItem,
  MemberItem,
  MessageItem,
  OptInItem,
  ProfileItem,
  QuotedItem,
  RepeatedItem,
} from '../../storage/items.ts';
import { definitionKey, jobErrorKey, quotedKey } from '../../storage/patterns.ts';
import { askedOf, consentChangeDocument } from '../consent/index.ts';
import { eventDocument, eventId, nameOfItem } from '../events/index.ts';
import { attributesOf, emailsOf, profileDocument, pushTokenDocument } from '../identity/index.ts';
import type { Found } from './walk.ts';

type Named = (kind: DefinitionKind, id: string | undefined) => Promise<string | null>;

/**
 * Shows an item of a person; undefined for what is derived from other items (segment truth, the order of suppressing, the
 * last message) or is about no one (where a merge led).
 */
export function recordsOf(ports: Ports, account: AccountId): (found: Found) => Promise<Resource | undefined> {
  const named = namesOf(ports, account);
  return async ({ item, contact, before }) => {
    switch (item.kind) {
      case 'profile':
        return profileRecord(item);
      case 'contact':
        return contact && contactRecord(item, contact.kind, contact.value);
      case 'consent-record':
        return consentChangeDocument(item, contact?.value ?? null);
      case 'opt-in':
        return optInRecord(item, await named('list', item.list));
      case 'push-token':
        return pushTokenDocument(item);
      case 'list-member':
        return memberRecord(item, 'list', await named('list', item.group));
      case 'segment-member':
        return memberRecord(item, 'segment', await named('segment', item.group));
      case 'event':
        return eventRecord(await eventDocument(ports, account, item), item, await named('metric', item.metric));
      case 'repeated':
        return repeatedRecord(item, await named('metric', item.metric));
      case 'enrolment':
        return enrolmentRecord(item, await named('flow', item.flow));
      case 'message':
        return messageRecord(item, await named('flow', item.flow));
      case 'coupon-grant':
        return couponRecord(item);
      case 'quoted':
        return refusedRow(ports, account, item, before);
      case 'entry':
      case 'erased':
      case 'last-sent':
      case 'merged':
      case 'state':
      case 'suppressed':
      case 'pieces':
      case 'reached':
      case 'told':
      case 'totals':
      case 'touch':
      case 'was-member':
        return undefined;
    }
  };
}

/** Names of definitions, each read once; null for what is gone. */
function namesOf({ store }: Pick<Ports, 'store'>, account: AccountId): Named {
  const known = new Map<string, Promise<string | null>>();
  return async (kind, id) => {
    if (id === undefined) return null;
    const name = known.get(id) ?? store.get(definitionKey(account, kind, id)).then((item) => item?.name ?? null);
    known.set(id, name);
    return name;
  };
}

function profileRecord(item: ProfileItem): Resource {
  const { attributes, ...rest } = profileDocument(item, { additional: new Set(['subscriptions']) });
  const { seen = null } = attributesOf(item);
  return {
    ...rest,
    attributes: { ...attributes, emails: emailsOf(item), anonymous_id: item.anonymous_id ?? null, last_seen: seen },
  };
}

function contactRecord(item: ContactItem, kind: string, value: string): Resource {
  const { consents = {}, suppressions, list_suppressions = [], list_grants = {}, soft_bounces = [], arrived } = item;
  const attributes = { kind, value, consents, suppressions, list_suppressions, list_grants, soft_bounces };
  return { type: 'contact', id: value, attributes: { ...attributes, arrived_at: timeOf(arrived) } };
}

function optInRecord(item: OptInItem, list: string | null): Resource {
  const { address, person, customSource } = askedOf(item);
  return {
    type: 'pending-subscription',
    id: [address, item.list ?? ''].join(' '),
    attributes: {
      address,
      list_name: list,
      requested_at: isoOf(item.requested),
      confirmed_at: timeOf(item.confirmed),
      custom_source: customSource,
      told: person,
    },
    ...(item.list !== undefined && { relationships: { list: { type: 'list', id: item.list } } }),
  };
}

function memberRecord(item: MemberItem, group: 'list' | 'segment', name: string | null): Resource {
  return {
    type: `${group}-membership`,
    id: item.group,
    attributes: { name, joined_group_at: isoOf(item.joined) },
    relationships: { [group]: { type: group, id: item.group } },
  };
}

function eventRecord({ attributes, ...rest }: Resource, item: EventItem, metric: string | null): Resource {
  return { ...rest, attributes: { ...attributes, metric_name: metric, recorded_at: isoOf(item.recorded) } };
}

function repeatedRecord(item: RepeatedItem, metric: string | null): Resource {
  return {
    type: 'repeated-event',
    id: eventId(nameOfItem(item)),
    attributes: {
      metric_name: metric,
      unique_id: item.unique_id,
      happened_at: isoOf(item.at),
      times: item.n,
      last_told_at: isoOf(item.last),
    },
  };
}

function enrolmentRecord(item: EnrolmentItem, flow: string | null): Resource {
  return {
    type: 'flow-enrolment',
    id: item.id,
    attributes: {
      flow_name: flow,
      status: item.status,
      reason: item.reason ?? null,
      entered_at: isoOf(item.entered),
      updated_at: isoOf(item.updated),
      due_at: timeOf(item.due),
    },
    relationships: { flow: { type: 'flow', id: item.flow } },
  };
}

function messageRecord(item: MessageItem, flow: string | null): Resource {
  return {
    type: 'message',
    id: item.id,
    attributes: {
      channel: item.channel,
      address: item.address ?? null,
      flow_name: flow,
      status: item.status,
      reason: item.reason ?? null,
      created_at: isoOf(item.created),
      sent_at: timeOf(item.claimed),
      finished_at: timeOf(item.finished),
    },
    ...(item.flow !== undefined && { relationships: { flow: { type: 'flow', id: item.flow } } }),
  };
}

function couponRecord({ id, coupon, code, at }: CouponGrantItem): Resource {
  return { type: 'coupon-code-given', id, attributes: { coupon, unique_code: code, given_at: isoOf(at) } };
}

/** A row of a job about the person that was refused, once, however often it names them; undefined when it is kept no more. */
async function refusedRow(
  { store }: Pick<Ports, 'store'>,
  account: AccountId,
  { type, id, row, told }: QuotedItem,
  before: Found['before'] = [],
): Promise<Resource | undefined> {
  const elsewhere = await store.getMany(before.map((place) => quotedKey(place, { type, id }, row)));
  if (elsewhere.some((note) => note !== undefined)) return undefined;
  const error = await store.get(jobErrorKey(account, { type, id }, row));
  if (error === undefined) return undefined;
  const { code, detail, payload } = error;
  return {
    type: 'refused-row',
    id: `${type} ${id} ${row}`,
    attributes: { job_type: type, job_id: id, row, told_at: isoOf(told), code, detail, payload: JSON.parse(payload) },
  };
}

const timeOf = (at: string | undefined): string | null => (at === undefined ? null : isoOf(at));
