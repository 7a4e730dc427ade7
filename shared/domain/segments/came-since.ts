// Which of a person's events came after an edit, whenever they happened.
import { type EventMark, eventAt, eventsOfProfile } from '../../storage/patterns.ts';
import type { Whose } from './read-events.ts';
import type { Reason } from './reason.ts';
import { type Segment, metricsOf } from './segment.ts';

/** As many of the newest events of a metric are looked at, and of those that lie where some were told of. */
const most = 50;

/** Events by `sk`: all that came since, and those among them that may be what the look was told of. */
interface Came {
  all: ReadonlySet<string>;
  told: ReadonlySet<string>;
}

/** The events of the segment's metrics that were accepted since `edited` (`sortable`), as far as `most` of them tell. */
export async function cameSince(
  { ports, account, profile }: Whose,
  { definition }: Segment,
  { changed, span }: Reason,
  edited: string,
): Promise<Came> {
  const newest = async (metric: string, range = {}): Promise<readonly EventMark[]> => {
    const query = eventsOfProfile(account, profile, metric, range);
    return (await ports.store.query({ ...query, newestFirst: true, limit: most })).items;
  };
  const metrics = metricsOf(definition);
  const told = metrics.filter((metric) => changed?.metrics.includes(metric));
  const [ofAll, ofTold] = await Promise.all([
    Promise.all(metrics.map((metric) => newest(metric))),
    Promise.all(told.map((metric) => newest(metric, span))),
  ]);
  const names = new Set([...ofAll, ...ofTold].flat().map(({ sk }) => sk));
  const items = await ports.store.getMany([...names].map((sk) => eventAt(account, profile, sk)));
  const all = new Set(items.flatMap((item) => (item && item.recorded >= edited ? item.sk : [])));
  return { all, told: new Set(ofTold.flat().flatMap(({ sk }) => (all.has(sk) ? sk : []))) };
}
