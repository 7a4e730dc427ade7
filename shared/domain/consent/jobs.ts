// Bulk subscription jobs, run row by row. A row that fails concerns only itself.
import { ApiError } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import {
  type JobTurn,
  type JobWorker,
  type RowError,
  inputOf,
  recordErrors,
  rowError,
  workOnJob,
} from '../jobs/index.ts';
import { type RowWork, type SubscriptionJob, type SubscriptionRow, rowPointer } from './rows.ts';
import { subscribeRow } from './subscribe.ts';
import { unsubscribeRow } from './unsubscribe.ts';

type SubscriptionJobType = 'subscribe' | 'unsubscribe';

/** Work on subscribe and unsubscribe jobs. */
export const subscriptionWorkers: Readonly<Record<SubscriptionJobType, JobWorker>> = {
  subscribe: (ports, account, turn) => run(ports, account, { ...turn, type: 'subscribe' }),
  unsubscribe: (ports, account, turn) => run(ports, account, { ...turn, type: 'unsubscribe' }),
};

async function run(ports: Ports, account: AccountId, turn: JobTurn & { type: SubscriptionJobType }): Promise<void> {
  await workOnJob(ports, account, turn, async (item) => {
    const job = (await inputOf(ports, item)) as SubscriptionJob;
    const errors: RowError[] = [];
    const from = Number(turn.cursor ?? 0);
    const rows = stretchOf(job.rows.slice(from));
    const next = from + rows.length;
    for (const [place, person] of rows.entries()) {
      const row = from + place;
      try {
        await runners[turn.type](ports, account, { job, person, at: instantOf(item.created) });
      } catch (error) {
        // Refusals are the row's own fault; anything else makes the whole job come back.
        if (!(error instanceof ApiError)) throw error;
        errors.push(rowError(error, { row, pointer: rowPointer(row), payload: person }));
      }
    }
    await recordErrors(ports, account, item, { from, to: next - 1, errors });
    const counts = { completed: rows.length - errors.length, failed: errors.length };
    return next < job.rows.length ? { ...counts, cursor: String(next) } : counts;
  });
}

/** People and devices of one stretch: what is done in a minute, also where calls are slow. */
const mostOfStretch = 250;

/** The first of these rows, one at least. */
function stretchOf(rows: readonly SubscriptionRow[]): readonly SubscriptionRow[] {
  let work = 0;
  const tooMany = rows.findIndex(({ devices = [] }, place) => {
    work += 1 + devices.length;
    return place > 0 && work > mostOfStretch;
  });
  return tooMany < 0 ? rows : rows.slice(0, tooMany);
}

const runners: Record<SubscriptionJobType, (ports: Ports, account: AccountId, work: RowWork) => Promise<void>> = {
  subscribe: subscribeRow,
  unsubscribe: unsubscribeRow,
};
