// What is kept of events beyond counts and sums, against the events that are there: what they said, and whose they were.
import type { World } from '../../functions/local/world.ts';
import { saidOfDimensions } from '../../shared/domain/events/index.ts';
import { personIn, unpacked } from '../../shared/domain/reporting/details.ts';
import { accountId } from '../../shared/kernel/ids.ts';
import { minute } from '../../shared/kernel/time.ts';
import type { EventItem } from '../../shared/storage/items.ts';
import { type AnyItem, accountOf, partsOf } from '../../shared/storage/patterns.ts';

const quarter = 15 * minute;

/** The body as `readEventBody` has it. */
function bodyOf(item: EventItem, files: ReadonlyMap<string, string>): Record<string, unknown> {
  const sent = JSON.parse(item.body ?? files.get(item.file ?? '') ?? '{}') as Record<string, unknown>;
  return { ...sent, ...(item.currency !== undefined && { $value_currency: item.currency }) };
}

/** Every quarter that its day's file tells of, and that is not marked, is told of as it is; no other file is there. */
export function details(items: readonly AnyItem[], { files: { entries } }: World): string[] {
  const [marked, told, there] = [new Set<string>(), new Map<string, string[]>(), new Map<string, Set<string>>()];
  const named = new Set<string>();
  const lost: string[] = [];
  for (const item of items) {
    const [account = '', , metric = ''] = partsOf(item.pk);
    const [, of = ''] = partsOf(item.sk);
    if (item.kind === 'untallied') marked.add(`${account} ${metric} ${of}`);
    if (item.kind === 'event') {
      const start = new Date(Math.floor(Date.parse(item.at) / quarter) * quarter).toISOString();
      const name = `${account} ${item.metric} ${start}`;
      const said = `${saidOfDimensions(bodyOf(item, entries))} ${personIn(accountId(account), item.profile)}`;
      there.set(name, (there.get(name) ?? new Set()).add(said));
    }
    if (item.kind !== 'tally') continue;
    for (const name of [item.file, item.old, item.draft, ...(item.strays ?? [])])
      if (name !== undefined) named.add(name);
    if (item.file === undefined) continue;
    const text = entries.get(item.file);
    if (text === undefined) lost.push(`I2 the file ${item.file} is not there`);
    const details = unpacked(text ?? '{"people":[],"dims":[],"quarters":{}}');
    for (const [name, entry] of Object.entries(item)) {
      if (!/^q\d+$/.test(name) || (JSON.parse(entry as string) as number[])[3] !== 1) continue;
      const start = new Date(Date.parse(`${of}T00:00:00Z`) + Number(name.slice(1)) * quarter).toISOString();
      const groups = details.get(name) ?? [];
      told.set(
        `${accountOf(item)} ${metric} ${start}`,
        groups.flatMap(({ dims, people }) => people.map((person) => `${dims} ${person}`)),
      );
    }
  }
  const isRight = (name: string, all: readonly string[]) =>
    JSON.stringify([...all].sort()) === JSON.stringify([...(there.get(name) ?? [])].sort());
  const wrong = [...told].filter(([name, all]) => !marked.has(name) && !isRight(name, all));
  const orphans = [...entries.keys()].filter((name) => name.split('/')[1] === 'tallies' && !named.has(name));
  return [
    ...lost,
    ...wrong.map(
      ([name, all]) => `I13 told of ${name}: ${all.join()}, and it was ${[...(there.get(name) ?? [])].join()}`,
    ),
    ...orphans.map((name) => `I11 nobody knows of the file ${name}`),
  ];
}
