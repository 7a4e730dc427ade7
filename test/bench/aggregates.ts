// How long a year's question of people takes over ten million events, the files of its days at hand:
// `node test/bench/aggregates.ts 10000000`. The table and the way to the files are left out.
import { memoryUsage } from 'node:process';
import { type Group, packed, unpacked } from '../../shared/domain/reporting/details.ts';
import { createRows } from '../../shared/domain/reporting/aggregate-rows.ts';
import { bucketStarts } from '../../shared/domain/reporting/buckets.ts';
import { startOfEntry } from '../../shared/domain/reporting/quarters.ts';
import { day } from '../../shared/kernel/time.ts';
import { derivedId } from '../../shared/kernel/ids.ts';

const [events = 10_000_000] = process.argv.slice(2).map(Number);
const people = Array.from({ length: 200_000 }, (_, i) => derivedId(22, 'person', String(i)));
const from = Date.UTC(2025, 0, 1);
const days = 365;
const methods = ['card', 'cash', 'invoice'].map((Method) => JSON.stringify({ Method }));

/** The file of one day: as many events in each quarter, of people who come again in it at random. */
function fileOf(number: number): string {
  const each = Math.round(events / days / 96);
  const quarters = Array.from({ length: 96 }, (_, q) => {
    const groups = methods.map((dims, m): Group => {
      const count = Math.round(each / methods.length);
      const theirs = Array.from(
        { length: count },
        (_, i) => people[((number * 96 + q) * 7919 + i * 104729 + m) % people.length] ?? '',
      );
      return { dims, count, sum: count, lost: 0, people: [...new Set(theirs)] };
    });
    return [`q${q}`, groups] as const;
  });
  return packed(new Map(quarters));
}

const starts = bucketStarts({ from, to: from + days * day }, 'month', 'America/New_York');
const rows = createRows(starts);
let [ms, bytes, most] = [0, 0, 0];
for (let number = 0; number < days; number += 1) {
  const text = fileOf(number);
  bytes += text.length;
  const name = new Date(from + number * day).toISOString().slice(0, 10);
  const begun = performance.now();
  for (const [entry, groups] of unpacked(text)) {
    for (const { dims, people: theirs, ...sum } of groups) rows.row([dims]).add(startOfEntry(name, entry), sum, theirs);
  }
  rows.close(from + (number + 1) * day);
  ms += performance.now() - begun;
  most = Math.max(most, memoryUsage.rss());
}
console.log({
  events,
  files_mb: Math.round(bytes / 2 ** 20),
  seconds: Math.round(ms / 100) / 10,
  rss_mb: Math.round(most / 2 ** 20),
});
console.log(
  rows.rows(['unique']).map(({ dimensions, measurements }) => [dimensions, measurements['unique']?.slice(0, 3)]),
);
