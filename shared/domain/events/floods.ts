// What one person is told of lies under one key of the table, however many shards a metric has: of somebody with hundreds
// of events a second (software, as a rule) no more is taken than that key can bear.
import { refuse } from '../../kernel/errors.ts';
import { type AccountId, derivedId } from '../../kernel/ids.ts';
import { second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { addUp, expiryOf } from '../../storage/counters.ts';
import { counterKey } from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';
import type { EventGroup } from './request.ts';

/**
 * Of one person at most so many events within a span, and what one call brings beyond: a call of 1,000 is whole, so that
 * a span has fewer than 1,600, each about 3 write units (docs/table.md, hot keys).
 */
export const mostOfPerson = { events: 600, spanSeconds: 10 } as const;

/** A container counts by handfuls: until then it knows nothing of what others were told. */
const handful = 16;

/** What a container knows of one person in one span. */
interface Tide {
  span: number;
  uncounted: number;
  isFull: boolean;
}

const mostKnown = 10_000;
const tides = perStore<Tide>();

const spanOf = ({ clock }: Ports): number => Math.floor(clock.now() / (mostOfPerson.spanSeconds * second));

const nameOf = (account: AccountId, { id, identifiers, exchange }: EventGroup['profile']): string =>
  JSON.stringify([account, id, identifiers, exchange]);

/**
 * Refuses all with 429 when a container knows that somebody among them had as many events as fit into these ten seconds.
 * Nothing is read or written: once the span is over the same call is taken.
 */
export function refuseFloods(ports: Ports, account: AccountId, groups: readonly EventGroup[]): void {
  const span = spanOf(ports);
  for (const { profile } of groups) {
    const tide = tides(ports.store).get(nameOf(account, profile));
    if (tide?.span !== span || !tide.isFull) continue;
    const { events, spanSeconds } = mostOfPerson;
    const wait = Math.max(1, Math.ceil(((span + 1) * spanSeconds * second - ports.clock.now()) / second));
    const detail = `One profile takes ${events} events in ${spanSeconds} seconds. Expected available in ${wait} seconds.`;
    throw refuse('throttled', detail, undefined, { retry_after: wait });
  }
}

/** Counts what was told of a person; once in a handful adds it up with what other containers were told: a unit each way. */
export async function countForPerson(
  ports: Ports,
  account: AccountId,
  profile: string,
  group: EventGroup,
): Promise<void> {
  const tide = tideOf(ports, nameOf(account, group.profile));
  tide.uncounted += group.events.length;
  if (tide.uncounted < handful || tide.isFull) return;
  const n = tide.uncounted;
  tide.uncounted = 0;
  const key = counterKey(account, `person ${derivedId(22, 'flood', profile)}`, String(tide.span));
  const expires = expiryOf(tide.span, mostOfPerson.spanSeconds * second);
  tide.isFull = (await addUp(ports.store, key, n, expires)) >= mostOfPerson.events;
}

function tideOf(ports: Ports, name: string): Tide {
  const known = tides(ports.store);
  const span = spanOf(ports);
  const before = known.get(name);
  if (before?.span === span) return before;
  if (known.size >= mostKnown) known.clear();
  const tide = { span, uncounted: 0, isFull: false };
  known.set(name, tide);
  return tide;
}
