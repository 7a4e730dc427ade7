// What aggregates split and filter events by. An event carries what it says of these beside its body, and so does its entry in
// the feed: who counts reads no bodies.
import { own } from '../../kernel/bag.ts';

/** Properties of events that Klaviyo groups and filters by. */
export const dimensions = [
  '$attributed_channel',
  '$attributed_flow',
  '$attributed_message',
  '$attributed_variation',
  '$campaign_channel',
  '$flow',
  '$flow_channel',
  '$message',
  '$message_send_cohort',
  '$usage_amount',
  '$value_currency',
  '$variation',
  '$variation_send_cohort',
  'Bot Click',
  'Bounce Type',
  'Campaign Name',
  'Client Canonical',
  'Client Name',
  'Client Type',
  'Email Domain',
  'Failure Source',
  'Failure Type',
  'From Number',
  'From Phone Region',
  'Inbox Provider',
  'List',
  'Message Format',
  'Message Name',
  'Message Type',
  'Method',
  'Segment Count',
  'Subject',
  'To Number',
  'To Phone Region',
  'URL',
  'form_id',
] as const;

/** Bytes of what an entry of the feed carries: with its keys it stays under a kilobyte, one unit. */
const mostCarried = 500;

const nothingSaid = '{}';

/** A dimension as text; empty for events that lack it. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** What an event says of the dimensions, as JSON: the same text for events that say the same. `properties` as `readEventBody` has them. */
export function saidOfDimensions(properties: Readonly<Record<string, unknown>>): string {
  const said = dimensions.flatMap((name) => {
    const text = textOf(own(properties, name));
    return text === '' ? [] : [[name, text] as const];
  });
  return said.length === 0 ? nothingSaid : JSON.stringify(Object.fromEntries(said));
}

/** The same, as far as an event carries it beside its body; undefined: whoever asks reads the body. */
export function carriedDimensions(properties: Readonly<Record<string, unknown>>): string | undefined {
  const said = saidOfDimensions(properties);
  return Buffer.byteLength(said) > mostCarried ? undefined : said;
}

/** Reads what an event said; empty for a dimension that it lacks. */
export function dimensionsIn(said: string): (name: string) => string {
  if (said === nothingSaid) return () => '';
  const bag = JSON.parse(said) as Readonly<Record<string, string>>;
  return (name) => (Object.hasOwn(bag, name) ? (bag[name] ?? '') : '');
}
