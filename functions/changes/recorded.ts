// What the bus tells of an event: enough for a rule to match on, small enough to count as one event of EventBridge.
import { eventId, nameOfItem } from '../../shared/domain/events/index.ts';
import { definedOf } from '../../shared/kernel/bag.ts';
import type { EventItem } from '../../shared/storage/items.ts';

/** EventBridge takes 256 KB and counts every 64 KB as one event more; the other fields stay under 4 KB. */
const mostBytes = 60 * 1024;

/** The detail of `event.recorded`, as docs/bus.md describes it. */
export function recordedDetail(item: EventItem): Readonly<Record<string, unknown>> {
  return definedOf({
    event: eventId(nameOfItem(item)),
    profile: item.profile,
    metric: item.metric,
    metric_name: item.metric_name,
    metric_service: item.metric_service,
    unique_id: item.unique_id,
    time: item.at,
    recorded: item.recorded,
    value: item.value,
    value_currency: item.currency,
    backfill: item.backfill ?? false,
    ...matchable(item.body),
  });
}

type Bag = Readonly<Record<string, unknown>>;

/**
 * The properties that a rule can match on: top-level ones that hold no object, in their order, as many as there is room
 * for. Incomplete when one that could be matched is left out, or when all of them lie in a file.
 */
function matchable(body: string | undefined): { properties: Bag; properties_complete: boolean } {
  if (body === undefined) return { properties: {}, properties_complete: false };
  const all = Object.entries(JSON.parse(body) as Bag).filter(([, value]) => isPlain(value));
  let bytes = 0;
  const fitting = all.filter((entry) => {
    const size = Buffer.byteLength(JSON.stringify(entry));
    if (bytes + size > mostBytes) return false;
    bytes += size;
    return true;
  });
  // Not by assignment: a property may be called __proto__.
  return { properties: Object.fromEntries(fitting), properties_complete: fitting.length === all.length };
}

/** No object, and no list with one in it. */
function isPlain(value: unknown): boolean {
  return Array.isArray(value) ? value.every((one) => typeof one !== 'object' || one === null) : !isObject(value);
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;
