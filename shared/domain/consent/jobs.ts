// Bulk subscription jobs: written as one item, started by the change feed, run row by row. A row that fails concerns
// only itself; running a job again changes nothing, because every grant carries the job's own time.
import type { AccountId } from '../../kernel/ids.ts';
import { ApiError } from '../../kernel/errors.ts';
import { day, instantOf, second, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobKey } from '../../storage/patterns.ts';
import { type ConsentMethod, findProfile, upsertProfile } from '../identity/index.ts';
import { grantEmail, withdrawEmail } from './email.ts';
import { addToList, removeFromList } from './membership.ts';

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

interface RowError {
  row: number;
  detail: string;
}

/** Bodies above this many characters go to a file. */
const largestBody = 200_000;
const keptFor = 7 * day;

/** Writes the job; the change feed has it run. */
export async function createJob(
  ports: Ports,
  account: AccountId,
  type: JobItem['type'],
  job: SubscriptionJob,
): Promise<void> {
  const id = ports.ids.ulid();
  const now = ports.clock.now();
  const text = JSON.stringify(job);
  const file = text.length > largestBody ? `${account}/jobs/${id}.json` : undefined;
  if (file !== undefined) await ports.files.put(file, text);
  const item: JobItem = {
    ...jobKey(account, type, id),
    kind: 'job',
    id,
    type,
    status: 'queued',
    created: sortable(now),
    total: job.rows.length,
    completed: 0,
    failed: 0,
    ...(file === undefined ? { body: text } : { file }),
    expires: Math.floor((now + keptFor) / second),
  };
  await ports.store.write({ put: item, if: { absent: true } });
}

/** Runs a job to its end. Nothing happens when it is complete already or has expired. */
export async function runJob(ports: Ports, account: AccountId, type: JobItem['type'], id: string): Promise<void> {
  const key = jobKey(account, type, id);
  const item = await ports.store.get(key);
  if (!item || item.status === 'complete') return;
  const job = await inputOf(ports, item);
  const errors: RowError[] = [];
  for (const [row, person] of job.rows.entries()) {
    try {
      await runners[type](ports, account, { job, person, at: instantOf(item.created) });
    } catch (error) {
      // Refusals are the row's own fault; anything else makes the whole job come back.
      if (!(error instanceof ApiError)) throw error;
      errors.push({ row, detail: error.message });
    }
  }
  await ports.store.write({
    update: key,
    set: {
      status: 'complete',
      completed: job.rows.length - errors.length,
      failed: errors.length,
      finished: sortable(ports.clock.now()),
      ...(errors.length > 0 && { errors: JSON.stringify(errors) }),
    },
    if: { present: true },
  });
}

async function inputOf(ports: Ports, item: JobItem): Promise<SubscriptionJob> {
  const text = item.body ?? (item.file === undefined ? undefined : await ports.files.get(item.file));
  if (text === undefined) throw new Error(`The input of job ${item.id} is gone.`);
  return JSON.parse(text) as SubscriptionJob;
}

interface RowWork {
  job: SubscriptionJob;
  person: SubscriptionRow;
  /** When the job was accepted. */
  at: number;
}

const runners: Record<JobItem['type'], (ports: Ports, account: AccountId, work: RowWork) => Promise<void>> = {
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
