// What a run changed, item by item: a file for each part, kept about as long as the run.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { feedParts } from '../../storage/patterns.ts';
import type { Outcome } from './compare.ts';

const fileOf = (account: AccountId, run: string, part: number) => `${account}/catalog-feeds/${run}/report-${part}`;

const before = (a: Outcome, b: Outcome) => (a.place ?? -1) - (b.place ?? -1) || ((a.id ?? '') < (b.id ?? '') ? -1 : 1);

/** Writes what became of the items of a part; what stayed as it was is not in it. */
export async function writeReport(
  { files }: Pick<Ports, 'files'>,
  account: AccountId,
  run: string,
  part: number,
  outcomes: readonly Outcome[],
): Promise<void> {
  if (outcomes.length > 0) await files.put(fileOf(account, run, part), JSON.stringify([...outcomes].sort(before)));
}

/** A page of the report of a run, part by part; the position is the part and a place in it. */
export async function reportPage(
  { files }: Pick<Ports, 'files'>,
  account: AccountId,
  run: string,
  { size, position = '0.0' }: { size: number; position?: string },
): Promise<{ outcomes: { at: string; outcome: Outcome }[]; next?: string }> {
  const outcomes: { at: string; outcome: Outcome }[] = [];
  let [part = 0, from = 0] = position.split('.').map(Number);
  for (; part < feedParts; part += 1, from = 0) {
    const text = await files.get(fileOf(account, run, part));
    const all = text === undefined ? [] : (JSON.parse(text) as Outcome[]);
    for (; from < all.length; from += 1) {
      const outcome = all[from];
      if (outcomes.length === size) return { outcomes, next: `${part}.${from}` };
      if (outcome) outcomes.push({ at: `${part}.${from}`, outcome });
    }
  }
  return { outcomes };
}
