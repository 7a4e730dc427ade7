// A metric that has very many events is filed in more shards of the feed (docs/table.md, hot keys): those who record it see
// how many there are, and double its shards. Readers read all that there are; shards never become fewer.
import type { AccountId } from '../../kernel/ids.ts';
import { second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { addUp, expiryOf } from '../../storage/counters.ts';
import { untilWon } from '../../storage/conflict.ts';
import { writeDefinition } from '../../storage/definitions.ts';
import { counterKey, definitionKey } from '../../storage/patterns.ts';
import { type KnownMetric, metricOf } from './metrics.ts';

/** A container counts by handfuls, so that it costs next to nothing. */
export const handful = 256;

/** Events of a metric are counted for so many seconds at a time. */
const spanSeconds = 10;

/** Events a second that a shard is to have at most, each a write unit: a key takes about 1,000. */
const mostOfShard = 300;
export const mostShards = 64;

/**
 * Counts an event that was recorded. Once in a handful it adds them up with those of other containers, looks how many
 * shards the metric has by now and doubles them when each has more than it should: 1 write and 2 read units.
 */
export async function countForSpread(ports: Ports, account: AccountId, metric: KnownMetric): Promise<void> {
  metric.uncounted += 1;
  if (metric.uncounted < handful) return;
  metric.uncounted -= handful;
  const span = Math.floor(ports.clock.now() / (spanSeconds * second));
  const key = counterKey(account, `feed ${metric.id}`, String(span));
  const counted = await addUp(ports.store, key, handful, expiryOf(span, spanSeconds * second));
  metric.spread = await untilWon(() => spreadFor(ports, account, metric, counted / spanSeconds));
}

/** In how many shards the metric is filed from now on, when it has so many events a second. */
async function spreadFor(ports: Ports, account: AccountId, { id, spread }: KnownMetric, rate: number): Promise<number> {
  const item = await ports.store.get(definitionKey(account, 'metric', id));
  if (!item) return spread;
  const { spread: current, service } = metricOf(item);
  if (rate <= current * mostOfShard || current >= mostShards) return current;
  const wider = { service, spread: current * 2 };
  // What the metric is called did not change: it is as old as before.
  await writeDefinition(ports.store, { ...item, version: item.version + 1, data: JSON.stringify(wider) });
  return wider.spread;
}
