// Reads of a person's events of one metric, strongly consistent.
import { type Instant, instantOf, sortable } from '../../kernel/time.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { type EventMark, eventAt, eventsOfProfile, timeOfMark } from '../../storage/patterns.ts';
import type { Query } from '../../storage/store.ts';
import { readEventBody } from '../events/index.ts';
import type { Occurrence } from './occurrence.ts';

/** Whose events are read. */
export interface Whose {
  ports: Ports;
  account: AccountId;
  profile: string;
}

const largestPage = 1000;

/** All events of the metric after `after`, up to `upTo`, oldest first. */
export interface Stretch {
  upTo: Instant;
  marks: readonly EventMark[];
}

/**
 * The events after `after`, oldest first: page by page until they are known beyond `beyond`, or all of them up to `end`.
 * The first page has `limit`.
 */
export async function eventsAfter(
  { ports, account, profile }: Whose,
  metric: string,
  { after, beyond, end, limit }: { after: Instant; beyond: Instant; end: Instant; limit: number },
): Promise<Stretch> {
  if (after >= end) return { upTo: end, marks: [] };
  const marks: EventMark[] = [];
  let query: Query<EventMark> = {
    ...eventsOfProfile(account, profile, metric, {
      ...(after !== -Infinity && { from: sortable(after + 1) }),
      ...(end !== Infinity && { to: sortable(end) }),
    }),
    limit,
  };
  for (;;) {
    const page = await ports.store.query(query);
    marks.push(...page.items);
    if (page.next === undefined) return { upTo: end, marks };
    // Of the last instant there may be more on the next page.
    const last = marks.at(-1);
    const upTo = last ? timeOf(last) - 1 : -Infinity;
    if (upTo > beyond) return { upTo, marks: marks.filter((mark) => timeOf(mark) <= upTo) };
    query = { ...query, after: page.next, limit: Math.min(largestPage, 4 * (query.limit ?? 1)) };
  }
}

const timeOf = (mark: EventMark): Instant => instantOf(timeOfMark(mark));

export const occurrenceOf = (mark: EventMark): Occurrence => ({ at: timeOf(mark), value: mark.value ?? 0 });

/** What the events say; undefined of one that is not there any more. */
export async function bodiesOf({ ports, account, profile }: Whose, marks: readonly EventMark[]) {
  const items = await ports.store.getMany(marks.map(({ sk }) => eventAt(account, profile, sk)));
  return Promise.all(items.map(async (item) => item && readEventBody(ports, item)));
}
