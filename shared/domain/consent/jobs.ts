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
import { type RowWork, type SubscriptionJob, rowPointer } from './rows.ts';
import { subscribeRow } from './subscribe.ts';
import { unsubscribeRow } from './unsubscribe.ts';

type SubscriptionJobType = 'subscribe' | 'unsubscribe';

/** Work on subscribe and unsubscribe jobs, each in one stretch. */
export const subscriptionWorkers: Readonly<Record<SubscriptionJobType, JobWorker>> = {
  subscribe: (ports, account, turn) => run(ports, account, { ...turn, type: 'subscribe' }),
  unsubscribe: (ports, account, turn) => run(ports, account, { ...turn, type: 'unsubscribe' }),
};

async function run(ports: Ports, account: AccountId, turn: JobTurn & { type: SubscriptionJobType }): Promise<void> {
  await workOnJob(ports, account, turn, async (item) => {
    const job = (await inputOf(ports, item)) as SubscriptionJob;
    const errors: RowError[] = [];
    for (const [row, person] of job.rows.entries()) {
      try {
        await runners[turn.type](ports, account, { job, person, at: instantOf(item.created) });
      } catch (error) {
        // Refusals are the row's own fault; anything else makes the whole job come back.
        if (!(error instanceof ApiError)) throw error;
        errors.push(rowError(error, { row, pointer: rowPointer(row), payload: person }));
      }
    }
    await recordErrors(ports, account, item, { from: 0, to: job.rows.length - 1, errors });
    return { completed: job.rows.length - errors.length, failed: errors.length };
  });
}

const runners: Record<SubscriptionJobType, (ports: Ports, account: AccountId, work: RowWork) => Promise<void>> = {
  subscribe: subscribeRow,
  unsubscribe: unsubscribeRow,
};
