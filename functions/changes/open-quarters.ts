import { quarterOf } from '../../shared/domain/reporting/index.ts';
import { type Instant, sortable } from '../../shared/kernel/time.ts';
import type { Work } from './rule.ts';

/** What a container knows of the quarter of an hour that is open. */
export interface OpenQuarter {
  /** True when its counting was asked for already, which it is when it has closed: once is enough. */
  isTold: (work: Work, now: Instant) => boolean;
  /** Remembers what was sent. */
  tell: (work: readonly Work[], now: Instant) => void;
}

/** A container that has asked for nothing yet. What it forgets with its end is asked for once more. */
export function createOpenQuarter(): OpenQuarter {
  let open = '';
  const told = new Set<string>();
  function nameOf({ queue, body }: Work, now: Instant): string | undefined {
    // A timer of the quarter that is sent on marks nothing (seed 724 of 500 operations).
    if (queue !== 'tallies' || body.type !== 'untally') return undefined;
    const quarter = sortable(quarterOf(now));
    if (body.quarter !== quarter) return undefined;
    if (open !== quarter) told.clear();
    open = quarter;
    return JSON.stringify([body.account, body.metric]);
  }
  return {
    isTold(work, now) {
      const name = nameOf(work, now);
      return name !== undefined && told.has(name);
    },
    tell(work, now) {
      for (const name of work.map((one) => nameOf(one, now))) if (name !== undefined) told.add(name);
    },
  };
}
