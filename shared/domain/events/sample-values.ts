// Values of properties as examples, out of the newest events: nothing is kept for them.
import { own } from '../../kernel/bag.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { mergedPage } from '../../storage/merge.ts';
import { type FeedMark, eventAt, profileOf } from '../../storage/patterns.ts';
import { worthOf } from './event.ts';
import { type Metric, feedOf } from './metrics.ts';

/** A value that can be an example. */
export type Sample = string | number | boolean;

const newestEvents = 100;
const mostSamples = 10;
const longestSample = 255;

/**
 * Answers examples of a property's values: up to ten different ones, those of the newest events first. Looks at the hundred
 * newest events of the metric, those aside whose properties lie in files, so that a rare property may have none.
 */
export async function samplesOfMetric(
  ports: Ports,
  account: AccountId,
  metric: Pick<Metric, 'id' | 'spread'>,
): Promise<(property: string) => Sample[]> {
  const { items } = await mergedPage<FeedMark>(ports.store, feedOf(account, metric), {
    size: newestEvents,
    newestFirst: true,
  });
  const events = await ports.store.getMany(items.map((mark) => eventAt(account, profileOf(mark), mark.sk)));
  const bags = events.flatMap((event) =>
    event?.body === undefined ? [] : [{ ...(JSON.parse(event.body) as Record<string, unknown>), ...worthOf(event) }],
  );
  return (property) => {
    const values = bags.flatMap((bag) => own(bag, property)).filter(isSample);
    return [...new Set(values)].slice(0, mostSamples);
  };
}

function isSample(value: unknown): value is Sample {
  if (typeof value === 'string') return value !== '' && value.length <= longestSample;
  return typeof value === 'number' || typeof value === 'boolean';
}
