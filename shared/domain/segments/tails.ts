// The events that lie behind what is kept: read once for all that look at the same metric.
import type { Instant } from '../../kernel/time.ts';
import { type Echo, partEnd, toldAfter } from './echoes.ts';
import type { Occurrence } from './occurrence.ts';
import { type Whose, bodiesOf, occurrenceOf } from './read-events.ts';
import type { Edges } from './windows.ts';

/** Events of a metric after an instant, up to and beyond those that count now; `whole`: with their properties. */
export interface Ask {
  metric: string;
  after: Instant;
  edges: Edges;
  whole: boolean;
  /** Not of the events but of their anniversaries. */
  echo?: Echo | undefined;
}

/** All events of a metric after an instant. */
export interface Tail {
  after: Instant;
  /** By the sort keys of the events. */
  occurrences: readonly (readonly [sk: string, occurrence: Occurrence])[];
}

/** The events of an ask, and perhaps more, ascending; no others lie between its `after` and `upTo`. */
export interface Behind {
  tail: Tail;
  upTo: Instant;
}

/** So many events may lie behind what is kept before they are taken in, and so many of the newest are left: these may still be joined by others. */
export const unfiltered = { most: 24, keep: 8 };
/** Each of these is read whole. */
export const filtered = { most: 12, keep: 4 };

/** Reads what is asked for; `newest` are the tails, by metric, that go up to the newest event. */
export async function readTails(
  whose: Whose,
  asks: readonly Ask[],
  now: Instant,
): Promise<{ behind: ReadonlyMap<Ask, Behind>; newest: ReadonlyMap<string, Tail> }> {
  const behind = new Map<Ask, Behind>();
  const newest = new Map<string, Tail>();
  const groups = Map.groupBy(asks, (ask) => (isNewest(ask, now) ? ask.metric : ask));
  await Promise.all(
    [...groups].map(async ([metric, group]) => {
      const read = await readTail(whose, group);
      // Behind more than a page, what is to come may count already.
      if (typeof metric === 'string' && read.upTo === Infinity) newest.set(metric, read.tail);
      for (const ask of group) behind.set(ask, read);
    }),
  );
  return { behind, newest };
}

const isNewest = ({ edges: { end, upTo }, echo }: Ask, now: Instant) =>
  end === Infinity && upTo === now && echo === undefined;

async function readTail(whose: Whose, group: readonly Ask[]): Promise<Behind> {
  const [first] = group;
  if (!first) return { tail: { after: Infinity, occurrences: [] }, upTo: Infinity };
  const after = Math.min(...group.map((ask) => ask.after));
  const { upTo, told } = await readBehind(whose, first, after);
  const from = Math.min(...group.filter(({ whole }) => whole).map((ask) => ask.after), Infinity);
  const asked = told.filter(({ at }) => at > from).map(({ mark }) => mark);
  const bodies = await bodiesOf(whose, asked);
  const known = new Map(asked.map(({ sk }, i) => [sk, bodies[i] ?? {}]));
  const occurrences = told.map(({ at, mark }) => {
    const properties = known.get(mark.sk);
    return [mark.sk, { ...occurrenceOf(mark), at, ...(properties && { properties }) }] as const;
  });
  return { tail: { after, occurrences }, upTo };
}

function readBehind(whose: Whose, { metric, echo, edges: { end, upTo: beyond } }: Ask, after: Instant) {
  const stretch = { after, beyond, end: echo ? partEnd(beyond) : end, limit: unfiltered.most + 1 };
  return toldAfter(whose, metric, stretch, echo);
}

/** All events after `after`, up to `upTo`, or their anniversaries; `whole`: with their properties, others have none. */
async function occurrencesIn(
  whose: Whose,
  { metric, after, upTo }: { metric: string; after: Instant; upTo: Instant },
  { whole, echo }: { whole: boolean; echo?: Echo | undefined },
): Promise<Occurrence[]> {
  const { told } = await toldAfter(whose, metric, { after, beyond: Infinity, end: upTo, limit: 200 }, echo);
  const marks = told.map(({ mark }) => mark);
  const bodies = whole ? await bodiesOf(whose, marks) : [];
  return told.map(({ at, mark }, i) => ({ ...occurrenceOf(mark), at, properties: bodies[i] ?? {} }));
}

/** `occurrencesIn`, each stretch read once, for conditions of which several are wrong of the same one. */
export type Reader = (
  stretch: Parameters<typeof occurrencesIn>[1],
  how: Parameters<typeof occurrencesIn>[2],
) => Promise<readonly Occurrence[]>;

export function readerOf(whose: Whose): Reader {
  const reads = new Map<string, Promise<Occurrence[]>>();
  return (stretch, how) => {
    const { metric, after, upTo } = stretch;
    const key = [metric, after, upTo, how.whole, JSON.stringify(how.echo)].join(' ');
    const read = reads.get(key) ?? occurrencesIn(whose, stretch, how);
    reads.set(key, read);
    return read;
  };
}
