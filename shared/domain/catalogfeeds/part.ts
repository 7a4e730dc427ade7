// One part of a run: compared, applied, reported.
import { ApiError } from '../../kernel/errors.ts';
import { inParallel } from '../../kernel/parallel.ts';
import type { JobCount } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { feedEntries } from '../../storage/patterns.ts';
import { type Work, ensureCategories, takeAway, writeRow } from './apply.ts';
import { type Outcome, compare } from './compare.ts';
import { type Laid, readPart } from './parts.ts';
import { writeReport } from './report.ts';
import type { CatalogFeedData } from './stored.ts';

/** Items that are written side by side. */
const abreast = 16;

export interface PartDone {
  /** Objects and entries that were looked at: a measure of the work. */
  seen: number;
  completed: number;
  failed: number;
  counts: Record<JobCount, number>;
}

/** Brings the items of one part in line with the document; may be done again, and answers the same. */
export async function doPart(work: Work, laid: Laid, part: number, { vanished }: CatalogFeedData): Promise<PartDone> {
  const { ports, account, feed, run } = work;
  const [objects, entries] = await Promise.all([
    readPart(ports, account, laid, part),
    everything(ports.store, feedEntries(account, feed, part)),
  ]);
  const found = compare(objects, entries, run, vanished);
  const outcomes = [...found.outcomes];
  await ensureCategories(
    work,
    found.write.map(({ row }) => row),
  );
  await inParallel(found.write, abreast, async (one) => {
    const { place } = one;
    const { id } = one.row;
    outcomes.push(await orRefusal({ place, id }, async () => ({ change: await writeRow(work, one), id })));
  });
  if (vanished !== 'keep')
    await inParallel(found.vanished, abreast, async (entry) => {
      const { id } = entry;
      outcomes.push(await orRefusal({ id }, async () => ({ change: await takeAway(work, entry, vanished), id })));
    });
  await ports.store.writeMany(found.stale.map(({ pk, sk }) => ({ remove: { pk, sk } })));
  await writeReport(ports, account, run, part, outcomes);
  return { seen: objects.length + entries.length, ...summed(outcomes, found.unchanged) };
}

async function orRefusal(about: Pick<Outcome, 'place' | 'id'>, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { change: 'refused', ...about, detail: error.faults[0].detail };
  }
}

function summed(outcomes: readonly Outcome[], unchanged: number): Omit<PartDone, 'seen'> {
  const of = (change: Outcome['change']) => outcomes.filter((one) => one.change === change).length;
  const [created, updated] = [of('created'), of('updated')];
  return {
    completed: created + updated + unchanged,
    failed: of('refused'),
    counts: {
      created_items: created,
      updated_items: updated,
      unchanged_items: unchanged,
      unpublished_items: of('unpublished'),
      deleted_items: of('deleted'),
    },
  };
}
