// A worker that is killed while events come in: what is set up before, and what must hold once all has had its time.
import type { AnyItem } from '../../shared/storage/patterns.ts';
import * as ask from './requests.ts';

const eventsEach = 4;

const personOf = (order: number) => Math.floor(order / eventsEach);

const emailOf = (person: number) => `p${person}@example.org`;

/** The event of an order, counted from 0; each person has four of them. */
export const orderOf = (order: number) =>
  ask.event(
    { email: emailOf(personOf(order)) },
    { metric: 'Placed Order', unique_id: `order-${order}`, value: 12.5, properties: { OrderId: String(order) } },
  );

/**
 * A live flow that writes at once at every order, and a segment of who has all four of theirs. Asks for them with `make`,
 * which answers the id of what was made; `metricOf` answers that of the metric, once nothing follows from its first event any more.
 */
export async function openShop(
  make: (method: string, path: string, body?: unknown) => Promise<string>,
  metricOf: () => Promise<string>,
): Promise<void> {
  const first = ask.event({ email: earlier }, { metric: 'Placed Order', unique_id: '0' });
  await make('POST', '/api/events', first);
  const metric = await metricOf();
  const template = await make('POST', '/api/templates', ask.template('<p>Order {{ event.OrderId }}.</p>'));
  const flow = await make('POST', '/api/flows', ask.thanks(metric, template));
  await make('PATCH', `/api/flows/${flow}`, ask.flowStatus(flow, 'live'));
  const definition = ask.definition([ask.did(metric, eventsEach, 24)]);
  await make('POST', '/api/segments', ask.segment('All of theirs', definition));
}

/** Whose order there was before there was a flow. */
const earlier = 'first@example.org';

/** An email that the provider took: the id of its message, and what it says to whom. */
export interface Taken {
  message: string;
  to: string;
  html: string;
}

export interface Verdict {
  broken: string[];
  /** The ids of messages that were claimed when the worker died: nobody there knows whether the provider took them. */
  unknown: string[];
  /** The orders of those of them that it did not take. */
  without: string[];
}

/** What is missing, what is there and should not be, and what is there more than once. */
function differences(what: string, found: readonly string[], expected: readonly string[]): string[] {
  const [times, wanted] = [Map.groupBy(found, (one) => one), new Set(expected)];
  return [
    ...expected.filter((one) => !times.has(one)).map((one) => `${what} ${one} is missing`),
    ...[...times.keys()].filter((one) => !wanted.has(one)).map((one) => `${what} ${one} should not be`),
    ...[...times].flatMap(([one, { length }]) => (length > 1 ? [`${what} ${one} is there ${length} times`] : [])),
  ];
}

const emailFor = (order: string, to = emailOf(personOf(Number(order)))) => `order ${order} to ${to}`;

/** Holds what is in the table, and what the provider took, against the first `orders` orders: they were accepted. */
export function verdictOn(items: readonly AnyItem[], taken: readonly Taken[], orders: number): Verdict {
  const accepted = Array.from({ length: orders }, (_, order) => String(order));
  const events = items.flatMap((item) => (item.kind === 'event' && item.unique_id.startsWith('order-') ? [item] : []));
  const numbers = new Map(events.map(({ pk, sk, unique_id }) => [`${pk} ${sk}`, unique_id.slice('order-'.length)]));
  const orderOfItem = (pk: string, event = '') => numbers.get(`${pk} ${event}`) ?? `of ${event}`;
  const enrolments = items.flatMap((item) => (item.kind === 'enrolment' ? [item] : []));
  const messages = items.flatMap((item) => (item.kind === 'message' ? [item] : []));
  const handed = new Set(taken.map(({ message }) => message));
  const unknown = messages.filter(({ status }) => status === 'UNKNOWN');
  const without = unknown.filter(({ id }) => !handed.has(id)).map(({ pk, event }) => orderOfItem(pk, event));
  const members = items.flatMap((item) => (item.kind === 'segment-member' ? [item.profile] : []));
  const people = items.flatMap((item) => (item.kind === 'profile' && item.email !== earlier ? [item.id] : []));
  const emails = taken.map(({ to, html }) => emailFor(/Order (\d+)\./.exec(html)?.[1] ?? '?', to));
  const had = new Set(without);
  return {
    broken: [
      ...differences('event', [...numbers.values()], accepted),
      ...(events.length > numbers.size ? [`${events.length} events at ${numbers.size} keys`] : []),
      ...differences(
        'enrolment for',
        enrolments.map(({ pk, event }) => orderOfItem(pk, event)),
        accepted,
      ),
      ...enrolments.flatMap(({ id, status }) => (status === 'finished' ? [] : [`enrolment ${id} is ${status}`])),
      ...differences(
        'message for',
        messages.map(({ pk, event }) => orderOfItem(pk, event)),
        accepted,
      ),
      ...messages.flatMap(({ id, status }) =>
        (status === 'SENT' && handed.has(id)) || status === 'UNKNOWN' ? [] : [`message ${id} is ${status}`],
      ),
      ...differences(
        'email about',
        emails,
        accepted.filter((order) => !had.has(order)).map((order) => emailFor(order)),
      ),
      ...differences('member', members, people),
    ],
    unknown: unknown.map(({ id }) => id),
    without,
  };
}
