// Counts of the events of a metric. Part of patterns.ts.
import type { AccountId } from '../kernel/ids.ts';
import type { TallyItem, UntalliedItem } from './items.ts';
import { at, join } from './keys.ts';
import type { Key, Query } from './store.ts';

const tallies = (account: AccountId, metric: string) => join(account, 'T', metric);

/** `day` is `2026-11-28`. */
export const tallyKey = (account: AccountId, metric: string, day: string): Key<TallyItem> =>
  at(tallies(account, metric), join('D', day));

/** The tallies of the days `from` to `to`, inclusive. */
export const talliesOfDays = (account: AccountId, metric: string, from: string, to: string): Query<TallyItem> => ({
  partition: tallies(account, metric),
  from: join('D', from),
  to: join('D', to),
});

/** `quarter` is when it begins, `sortable`. */
export const untalliedKey = (account: AccountId, metric: string, quarter: string): Key<UntalliedItem> =>
  at(tallies(account, metric), join('Q', quarter));

/** The quarters that begin from `from` to `to`, inclusive, and are not counted. */
export const untalliedQuarters = (
  account: AccountId,
  metric: string,
  from: string,
  to: string,
): Query<UntalliedItem> => ({
  partition: tallies(account, metric),
  from: join('Q', from),
  to: join('Q', to),
});

/** When a day that is tallied begins, or a quarter that is not, read off its key: `2026-11-28`, or `sortable`. */
export const tallied = ({ sk }: Key): string => sk.slice('D#'.length);
