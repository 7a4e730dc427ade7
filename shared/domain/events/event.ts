import { type AccountId, derivedId, derivedUuid } from '../../kernel/ids.ts';
import { type Instant, instantOf, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem } from '../../storage/items.ts';
import { eventIndex, eventKey, partsOf } from '../../storage/patterns.ts';
import { carriedDimensions } from './dimensions.ts';
import type { Metric, MetricName } from './metrics.ts';

/** An event as its sender tells it, checked. */
export interface EventInput {
  metric: MetricName;
  properties: Readonly<Record<string, unknown>>;
  /** When it happened; default now. Truncated to the second. */
  time?: Instant;
  /** Tells apart events of one profile and metric; default the time in seconds. */
  unique_id?: string;
  value?: number;
  /** ISO 4217. */
  currency?: string;
  /** Recorded, but starts no flow. */
  backfill?: boolean;
}

/** Identifies an event: with the account, all there is in its key. */
export interface EventName {
  profile: string;
  metric: string;
  hash: string;
}

const eventIdShape = /^([0-9A-HJKMNP-TV-Z]{26})([0-9A-Za-z]{6})([0-9A-Za-z]{22})$/;

/** The event's id in the API. */
export function eventId({ profile, metric, hash }: EventName): string {
  return `${profile}${metric}${hash}`;
}

/** The event that an id of the API names; undefined when it is no such id. */
export function eventNameOf(id: string): EventName | undefined {
  const [, profile, metric, hash] = eventIdShape.exec(id) ?? [];
  return profile === undefined || metric === undefined || hash === undefined ? undefined : { profile, metric, hash };
}

/** The profile that an event was recorded for, which may be part of another one by now. */
export function originOf({ profile, origin = profile }: Pick<EventItem, 'profile' | 'origin'>): string {
  return origin;
}

/** The name of a stored event: that under which it was recorded, whatever merges came since. */
export function nameOfItem(item: Pick<EventItem, 'sk' | 'profile' | 'origin'>): EventName {
  const [, metric = '', hash = ''] = partsOf(item.sk);
  return { profile: originOf(item), metric, hash };
}

/** The event's `uuid` attribute, derived from its name. */
export function eventUuid(account: AccountId, { profile, metric, hash }: EventName): string {
  return derivedUuid('event', account, profile, metric, hash);
}

/** Above this a body is kept as a file: an item holds 400 KB in all. */
const largestInlineBody = 200 * 1024;

/** What tells an event apart among those of its profile and metric; `time` is when it happened. */
export function uniqueIdOf({ unique_id }: Pick<EventInput, 'unique_id'>, time: Instant): string {
  return unique_id ?? String(Math.floor(time / second));
}

/** The item of an event without its body. Deterministic in all but `recorded`: the same event has the same key. */
export function eventItem(
  ports: Ports,
  account: AccountId,
  profile: string,
  metric: string,
  input: Omit<EventInput, 'metric'> & { metric?: MetricName },
  filed?: Pick<Metric, 'spread'>,
): EventItem {
  const now = ports.clock.now();
  const time = Math.floor((input.time ?? now) / second) * second;
  const unique_id = uniqueIdOf(input, time);
  const hash = derivedId(22, unique_id);
  const at = sortable(time);
  const body = JSON.stringify(input.properties);
  const dims = carriedDimensions({ ...input.properties, ...worthOf(input) });
  const inline = Buffer.byteLength(body) <= largestInlineBody;
  return {
    ...eventKey(account, profile, metric, hash),
    ...eventIndex(account, profile, metric, hash, at, filed),
    kind: 'event',
    profile,
    metric,
    ...(input.metric && { metric_name: input.metric.name, metric_service: input.metric.service }),
    at,
    recorded: sortable(now),
    unique_id,
    ...(input.value !== undefined && { value: input.value }),
    ...(input.currency !== undefined && { currency: input.currency }),
    ...(input.backfill === true && { backfill: true as const }),
    ...(dims !== undefined && { dims }),
    // Another body under the same id is another file: of two that come at once, the one that counts keeps its own.
    ...(inline ? { body } : { file: `${account}/events/${profile}/${metric}/${hash}/${derivedId(22, body)}` }),
  };
}

/** The event's properties as the API shows them: as sent, with its id, value and currency under their reserved names. */
export async function readEventBody(
  ports: Pick<Ports, 'files'>,
  item: EventItem,
): Promise<Readonly<Record<string, unknown>>> {
  const text = item.body ?? (item.file === undefined ? undefined : await ports.files.get(item.file));
  const sent = JSON.parse(text ?? '{}') as Readonly<Record<string, unknown>>;
  return { ...sent, $event_id: item.unique_id, ...worthOf(item) };
}

/** An event's value and currency, as far as it has them, under their reserved names. */
export function worthOf({
  value,
  currency,
}: Pick<EventInput, 'value' | 'currency'>): Readonly<Record<string, unknown>> {
  return {
    ...(value !== undefined && { $value: value }),
    ...(currency !== undefined && { $value_currency: currency }),
  };
}

/** When the event happened. */
export function timeOfEvent(item: EventItem): Instant {
  return instantOf(item.at);
}
