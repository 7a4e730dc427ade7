// How far the build of a segment is.
import { type Instant, instantOf, isoOf, second } from '../../kernel/time.ts';
import type { BuildItem } from '../../storage/items.ts';
import { shards } from '../../storage/patterns.ts';
import { indexLagSeconds } from '../../storage/table.ts';
import type { Segment } from './segment.ts';
import { isProcessing } from './store.ts';

/** A build walks the driver's shards, and those of the members before: of a metric with more shards, more. */
export const usualParts = 2 * shards;

/** The progress as the API shows it; the estimate goes by the parts that are done, and is null before the first is. */
export function progressOf(segment: Segment, build: BuildItem | undefined, now: Instant) {
  const processing = isProcessing(segment, build);
  const current = build?.version === segment.edition ? build : undefined;
  const parts = current?.parts ?? usualParts;
  const done = current === undefined ? 0 : (parts - current.pending.length) / parts;
  const estimate = processing && current !== undefined && done > 0 ? finishOf(current, done, now) : undefined;
  return {
    is_processing: processing,
    progress: processing ? done : 1,
    profiles_looked_at: current?.profiles ?? 0,
    started: current === undefined ? null : isoOf(current.started),
    finished: current?.finished === undefined ? null : isoOf(current.finished),
    estimated_finish: estimate === undefined ? null : new Date(estimate).toISOString(),
  };
}

/** The work begins when the index has learned of what was written before. */
function finishOf({ started }: BuildItem, done: number, now: Instant): Instant {
  const begun = instantOf(started) + indexLagSeconds * second;
  const elapsed = Math.max(0, now - begun);
  return now + Math.round((elapsed * (1 - done)) / done);
}
