import { hullOf } from '../../shared/kernel/span.ts';
import { type Look, placesOf } from '../../shared/domain/segments/index.ts';
import type { QueueName } from '../../shared/messages.ts';
import type { Work } from './rule.ts';

/**
 * The work of a batch without repetition: looks at the segments of one profile become one look, equal messages become
 * one. The order of what is left is the order of its first appearance. Keyed by queue.
 */
export function grouped(work: readonly Work[]): ReadonlyMap<QueueName, readonly Work[]> {
  const looks = new Map<string, Look>();
  const byIdentity = new Map<string, Work>();
  for (const one of work) {
    if (one.queue === 'segments' && one.body.type === 'profile') {
      const key = JSON.stringify([one.body.account, one.body.profile, one.body.due ?? null, one.delaySeconds ?? 0]);
      const known = looks.get(key);
      const body = known ? joined(known, one.body) : one.body;
      looks.set(key, body);
      byIdentity.set(`look ${key}`, { ...one, body });
    } else byIdentity.set(JSON.stringify([one.queue, one.body]), one);
  }
  return Map.groupBy(byIdentity.values(), (one) => one.queue);
}

function joined(a: Look, b: Look): Look {
  const newest = [a.newest, b.newest]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const span = hullOf([a, b].flatMap((one) => (one.metrics.length > 0 ? [one.span] : [])));
  return {
    ...a,
    metrics: [...new Set([...a.metrics, ...b.metrics])],
    lists: [...new Set([...a.lists, ...b.lists])],
    properties: a.properties || b.properties,
    places: placesOf([a, b]),
    consent: a.consent || b.consent,
    ...(newest !== undefined && { newest }),
    span,
    decided: earlier(a.decided, b.decided),
  };
}

/** The earlier of two decisions: what is true of it is looked at again for both. */
const earlier = (a: Look['decided'], b: Look['decided']): Look['decided'] =>
  a && b ? (a.stamp < b.stamp ? a : b) : (a ?? b);
