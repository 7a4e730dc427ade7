// Which message led to an event (behaviour 11): the last one that the person touched within the window of that kind of
// touch. Worked out when it is asked for, out of the events themselves: a touch that is told of late counts too.
import type { Resource } from '../../jsonapi/resource.ts';
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { type Instant, day, hour, instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { EventItem, MessageItem } from '../../storage/items.ts';
import { eventAt, eventsOfProfile, messageKey } from '../../storage/patterns.ts';
import { engagementMetrics } from './engagement-metrics.ts';
import { eventId, nameOfItem, timeOfEvent } from './event.ts';
import { allMetrics, internalService } from './metrics.ts';

/** How long after a touch what a person does is put down to its message. */
const windows: Readonly<Record<string, number>> = {
  [engagementMetrics.email.clicked]: 5 * day,
  [engagementMetrics.email.opened]: 5 * day,
  [engagementMetrics.sms.clicked]: 5 * day,
  [engagementMetrics.sms.received]: 12 * hour,
  [engagementMetrics.push.opened]: day,
};

/** Touches of one kind that are looked at, newest first: some are those of software. */
const mostLookedAt = 20;

/** A metric of touches, and its window. */
interface Kind {
  metric: string;
  window: number;
}

/** The touches that there can be in an account. */
async function kindsIn(ports: Ports, account: AccountId): Promise<Kind[]> {
  const metrics = await allMetrics(ports, account);
  return metrics.flatMap(({ id, name, service }) => {
    const window = service === internalService && Object.hasOwn(windows, name) ? windows[name] : undefined;
    return window === undefined ? [] : [{ metric: id, window }];
  });
}

const ofSoftware = ({ body = '{}' }: EventItem): boolean => {
  const said = JSON.parse(body) as Readonly<Record<string, unknown>>;
  return said['Bot Click'] === true || said['machine_open'] === true;
};

async function lastTouchOf(
  ports: Ports,
  account: AccountId,
  profile: string,
  at: Instant,
  { metric, window }: Kind,
): Promise<EventItem | undefined> {
  const range = { from: sortable(at - window), to: sortable(at) };
  const query = eventsOfProfile(account, profile, metric, range);
  const { items } = await ports.store.query({ ...query, newestFirst: true, limit: mostLookedAt });
  const touches = await ports.store.getMany(items.map(({ sk }) => eventAt(account, profile, sk)));
  return touches.find((touch) => touch !== undefined && !ofSoftware(touch));
}

/** What an event is put down to: the touch, and its message. */
interface Attributed {
  touch: EventItem;
  message: MessageItem | undefined;
}

async function attributed(
  ports: Ports,
  account: AccountId,
  kinds: readonly Kind[],
  event: EventItem,
): Promise<Attributed | undefined> {
  // What Millrace records itself is about messages and consent: nobody's conversion.
  if (event.metric_service === internalService) return undefined;
  const at = timeOfEvent(event);
  const touches = await Promise.all(kinds.map((kind) => lastTouchOf(ports, account, event.profile, at, kind)));
  const [touch] = touches
    .filter((one) => one !== undefined)
    .sort((a, b) => instantOf(b.at) - instantOf(a.at) || (a.sk < b.sk ? -1 : 1));
  if (!touch) return undefined;
  const [message = ''] = touch.unique_id.split(' ');
  return { touch, message: await ports.store.get(messageKey(account, event.profile, message)) };
}

function documentOf(event: EventItem, { touch, message }: Attributed): Resource {
  const [of, by] = [eventId(nameOfItem(event)), eventId(nameOfItem(touch))];
  const { $message: named } = JSON.parse(touch.body ?? '{}') as { $message?: string };
  const to = (type: string, id: string | undefined) => (id === undefined ? undefined : { type, id });
  const { flow, campaign, campaign_message } = message ?? {};
  const relationships = {
    event: to('event', of),
    'attributed-event': to('event', by),
    campaign: to('campaign', campaign),
    'campaign-message': to('campaign-message', campaign_message),
    flow: to('flow', flow),
    'flow-message': flow === undefined ? undefined : to('flow-message', named),
  };
  const known = Object.entries(relationships).flatMap(([name, link]) => (link ? [[name, link] as const] : []));
  return {
    type: 'attribution',
    id: derivedId(22, 'attribution', of, by),
    attributes: {},
    relationships: Object.fromEntries(known),
  };
}

/** The message that an event is put down to, as far as its touches are known by now. */
export async function messageBehind(
  ports: Ports,
  account: AccountId,
  event: EventItem,
): Promise<MessageItem | undefined> {
  const found = await attributed(ports, account, await kindsIn(ports, account), event);
  return found?.message;
}

/** The attributions of these events, in their order; undefined for those that nothing led to. */
export async function attributionsOf(
  ports: Ports,
  account: AccountId,
  events: readonly EventItem[],
): Promise<(Resource | undefined)[]> {
  const kinds = events.length === 0 ? [] : await kindsIn(ports, account);
  return Promise.all(
    events.map(async (event) => {
      const found = await attributed(ports, account, kinds, event);
      return found && documentOf(event, found);
    }),
  );
}
