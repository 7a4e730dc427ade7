// What was told and is not taken yet: while nobody knows who the visitor is, and while the API cannot be reached. Every
// event has an id of its own, so that what is sent twice counts once.
import { profileAttributesOf } from '../../../shared/domain/events/dollar-names.ts';
import { personName, remember, visit } from './cookie.ts';
import { type Bag, isBag, keep, recall } from './memory.ts';
import { type Outcome, post } from './post.ts';

interface Held {
  /** Of the person, newest last word. */
  told: Bag;
  /** Attributes of events, oldest first. */
  events: readonly Bag[];
}

const place = '__kla_held';
/** A visitor who is never known leaves no more than this behind. */
const mostEvents = 100;

const isHeld = (value: unknown): value is Held =>
  isBag(value) && isBag(value['told']) && Array.isArray(value['events']);
const held = (): Held => recall(place, { told: {}, events: [] }, isHeld);

/** Holds what is told of the person, until it is sent. */
export function tell(more: Bag): void {
  const { told, events } = held();
  keep(place, { told: { ...told, ...more }, events });
}

/** Holds an event, until it is sent. */
export function hold(event: Bag): void {
  const { told, events } = held();
  keep(place, { told, events: [...events, event].slice(-mostEvents) });
}

let sending: Promise<boolean> = Promise.resolve(true);

/** Sends what is held, one call after the other; true when all of it was taken. Never rejects. */
export function flush(): Promise<boolean> {
  sending = sending.then(async () => {
    const { events } = held();
    const told = await sendTold();
    // Whose events they are may hang on what waits.
    if (told === 'waiting') return false;
    return (await sendEvents(events)) && told === 'taken';
  });
  return sending;
}

/** Only when the API has taken a name is it the visitor's: a mistyped one must not take the events along. */
async function sendTold(): Promise<'taken' | 'refused' | 'waiting'> {
  const { told } = held();
  if (Object.keys(told).length === 0) return 'taken';
  const attributes = profileAttributesOf(told);
  const isNamed = typeof attributes['email'] === 'string' || typeof attributes['phone_number'] === 'string';
  const name = isNamed ? { anonymous_id: visit().cid } : personName();
  if (name === undefined) return 'waiting';
  const outcome = await post('/client/profiles', { data: { type: 'profile', attributes: { ...attributes, ...name } } });
  if (outcome === 'stranger') remember({});
  if (outcome === 'stranger' || outcome === 'later') return 'waiting';
  if (outcome === 'taken' && isNamed) remember(attributes);
  const now = held();
  // Told more meanwhile: all of it goes again, which changes nothing that is known.
  if (JSON.stringify(now.told) === JSON.stringify(told)) keep(place, { told: {}, events: now.events });
  return outcome;
}

/** All at once; when that is refused, each by itself, so that a bad one takes no other along. */
async function sendEvents(events: readonly Bag[]): Promise<boolean> {
  if (events.length === 0) return true;
  const name = personName();
  if (name === undefined) return false;
  const outcome = await postEvents(name, events);
  if (outcome === 'refused' && events.length > 1) {
    let all = true;
    for (const event of events) all = (await sendEvents([event])) && all;
    return all;
  }
  if (outcome === 'stranger') remember({});
  if (outcome === 'taken' || outcome === 'refused') drop(events);
  return outcome === 'taken';
}

function postEvents(name: Bag, events: readonly Bag[]): Promise<Outcome> {
  const profile = { data: { type: 'profile', attributes: name } };
  const [first, ...others] = events;
  if (others.length === 0)
    return post('/client/events', { data: { type: 'event', attributes: { ...first, profile } } });
  const data = events.map((attributes) => ({ type: 'event', attributes }));
  const attributes = { profile, events: { data } };
  return post('/client/event-bulk-create', { data: { type: 'event-bulk-create', attributes } });
}

function drop(events: readonly Bag[]): void {
  const gone = new Set(events.map(({ unique_id }) => unique_id));
  const now = held();
  keep(place, { told: now.told, events: now.events.filter(({ unique_id }) => !gone.has(unique_id)) });
}
