// One part of a run: compared, applied, reported.
import { ApiError } from '../../kernel/errors.ts';
import { inParallel } from '../../kernel/parallel.ts';
import { untilWon } from '../../storage/conflict.ts';
import type { CatalogFeedEntryItem, FeedChange, JobCount } from '../../storage/items.ts';
import { everything } from '../../storage/pages.ts';
import { feedEntries, feedEntryKey } from '../../storage/patterns.ts';
import { ConditionFailed, isConflict, removalOf } from '../../storage/store.ts';
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
  await inParallel(found.write, abreast, async ({ place, row, hash, entry }) => {
    const isDone = (known: CatalogFeedEntryItem) => known.run === run && known.hash === hash;
    const write = (known?: CatalogFeedEntryItem) => writeRow(work, { row, hash, ...(known && { entry: known }) });
    outcomes.push(await settled(work, { place, id: row.id, entry }, isDone, write));
  });
  await inParallel(vanished === 'keep' ? [] : found.vanished, abreast, async (entry) => {
    const isDone = (known: CatalogFeedEntryItem) => known.run === run && known.hash === '';
    const write = (known = entry) => takeAway(work, known, vanished === 'delete' ? 'delete' : 'unpublish');
    outcomes.push(await settled(work, { id: entry.id, entry }, isDone, write));
  });
  await ports.store.writeMany(found.stale.map(removalOf));
  await writeReport(ports, account, run, part, outcomes);
  return { seen: objects.length + entries.length, ...summed(outcomes, found.unchanged) };
}

interface About {
  id: string;
  place?: number;
  entry: CatalogFeedEntryItem | undefined;
}

/**
 * What becomes of an item. A twin of this worker may be at it as well: whoever is refused, or loses, looks again whether it
 * is done, so that both tell the same of it.
 */
async function settled(
  { ports, account, feed }: Work,
  { id, place, entry: before }: About,
  isDone: (entry: CatalogFeedEntryItem) => boolean,
  write: (entry?: CatalogFeedEntryItem) => Promise<FeedChange>,
): Promise<Outcome> {
  let entry = before;
  const look = () => ports.store.get(feedEntryKey(account, feed, id));
  return untilWon(async () => {
    try {
      return { change: entry && isDone(entry) ? entry.change : await write(entry), id };
    } catch (error) {
      const known = entry;
      if (!(error instanceof ApiError) && !isConflict(error)) throw error;
      entry = await look();
      if (isConflict(error)) throw error;
      if (entry?.hash !== known?.hash || entry?.run !== known?.run) throw new ConditionFailed();
      return { change: 'refused', id, ...(place !== undefined && { place }), detail: error.faults[0].detail };
    }
  });
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
