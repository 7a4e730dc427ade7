// Bulk subscription jobs, run row by row. A row that fails concerns only itself; running a job again changes nothing,
// because every grant carries the job's own time.
import { ApiError } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { findProfile, upsertProfile } from '../identity/index.ts';
import {
  type JobTurn,
  type JobWorker,
  type RowError,
  inputOf,
  recordErrors,
  rowError,
  workOnJob,
} from '../jobs/index.ts';
import { grantEmail, withdrawEmail } from './email.ts';
import { addToList, removeFromList } from './membership.ts';
import type { ConsentMethod } from './standing.ts';

/** One person of a subscription job; identifiers are normalised. */
export interface SubscriptionRow {
  id?: string;
  email?: string;
  phone_number?: string;
  /** Email marketing was asked for. */
  emailMarketing: boolean;
  /** When consent was given elsewhere, milliseconds; only with historical imports. */
  consentedAt?: number;
}

export interface SubscriptionJob {
  list?: string;
  customSource?: string;
  rows: SubscriptionRow[];
}

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

/** Where a row stands in the request. */
export const rowPointer = (row: number) => `/data/attributes/profiles/data/${row}`;

interface RowWork {
  job: SubscriptionJob;
  person: SubscriptionRow;
  /** When the job was accepted. */
  at: number;
}

const runners: Record<SubscriptionJobType, (ports: Ports, account: AccountId, work: RowWork) => Promise<void>> = {
  subscribe: async (ports, account, { job, person, at }) => {
    const { id, email, phone_number } = person;
    const identifiers = { ...(email !== undefined && { email }), ...(phone_number !== undefined && { phone_number }) };
    const input = { ...(id !== undefined && { id }), identifiers, attributes: {} };
    const { profile } = await upsertProfile(ports, account, input, 'leave');
    if (person.emailMarketing && profile.email !== undefined) {
      const how: ConsentMethod = { method: 'API', customDetail: job.customSource ?? null };
      await grantEmail(ports, account, {
        address: profile.email,
        at: person.consentedAt ?? at,
        how,
        historical: person.consentedAt !== undefined,
      });
    }
    if (job.list !== undefined) await addToList(ports, account, job.list, [profile.id]);
  },
  unsubscribe: async (ports, account, { job, person, at }) => {
    if (person.email === undefined || !person.emailMarketing) return;
    const address = person.email;
    // By default an unsubscribe from one list is one from all email, whether the person was on the list or not.
    await withdrawEmail(ports, account, { address, at, how: { method: 'API' } });
    if (job.list !== undefined) await leaveList(ports, account, job.list, address);
  },
};

async function leaveList(ports: Ports, account: AccountId, list: string, address: string): Promise<void> {
  const profile = await findProfile(ports, account, { email: address });
  if (profile) await removeFromList(ports, account, list, [profile.id]);
}
