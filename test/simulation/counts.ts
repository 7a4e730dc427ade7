// The counts that are kept of events, against the events that are there.
import { minute } from '../../shared/kernel/time.ts';
import { type AnyItem, partsOf } from '../../shared/storage/patterns.ts';

const quarter = 15 * minute;

/** Every quarter of an hour that is not marked holds what its events come to; every mark has a timer. */
export function counts(items: readonly AnyItem[]): string[] {
  const [marked, kept, there] = [new Set<string>(), new Map<string, string>(), new Map<string, number[]>()];
  for (const item of items) {
    const [account = '', , metric = ''] = partsOf(item.pk);
    const [, of = ''] = partsOf(item.sk);
    if (item.kind === 'untallied') marked.add(`${account} ${metric} ${of}`);
    if (item.kind === 'tally') {
      for (const [name, text] of Object.entries(item)) {
        if (!/^q\d+$/.test(name)) continue;
        const start = new Date(Date.parse(`${of}T00:00:00Z`) + Number(name.slice(1)) * quarter).toISOString();
        const [count, sum, lost] = JSON.parse(text as string) as [number, number, number];
        kept.set(`${account} ${metric} ${start}`, `${count} ${sum + lost}`);
      }
    }
    if (item.kind === 'event') {
      const start = new Date(Math.floor(Date.parse(item.at) / quarter) * quarter).toISOString();
      const name = `${account} ${item.metric} ${start}`;
      const [count = 0, sum = 0] = there.get(name) ?? [];
      there.set(name, [count + 1, sum + (item.value ?? 0)]);
    }
  }
  const timers = items.flatMap((item) => (item.kind === 'due' && item.queue === 'tallies' ? item.message : []));
  // That of one quarter has the whole day counted.
  const waits = (name: string) =>
    timers.some((text) => name.split(' ').every((part) => text.includes(part.replace(/T.*/, ''))));
  const wrong = [...new Set([...kept.keys(), ...there.keys()])].filter(
    (name) => !marked.has(name) && kept.get(name) !== there.get(name)?.join(' '),
  );
  return [
    ...wrong.map((name) => `I2 counted of ${name}: ${kept.get(name)}, and there are ${there.get(name)?.join(' ')}`),
    ...[...marked].filter((name) => !waits(name)).map((name) => `I7 nobody will count ${name}`),
  ];
}
