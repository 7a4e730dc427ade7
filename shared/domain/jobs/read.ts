import { notFound } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { second } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { jobKey } from '../../storage/patterns.ts';

export type JobType = JobItem['type'];

/** The job, read consistently; refuses with a 404 that calls it `called` when there is none, or none any more. */
export async function readJob(
  ports: Ports,
  account: AccountId,
  { type, id, called }: { type: JobType; id: string; called: string },
): Promise<JobItem> {
  const job = await ports.store.get(jobKey(account, type, id));
  if (job === undefined || isExpired(ports, job)) throw notFound(called, id);
  return job;
}

/** True once a job's time is over: the table removes it some time later. */
export function isExpired({ clock }: Ports, job: JobItem): boolean {
  return job.expires * second <= clock.now();
}

/** True when nothing more will happen to the job, and its input is gone. */
export function isOver({ status }: JobItem): boolean {
  return status === 'complete' || status === 'cancelled';
}

/** What the job works on, as `createJob` was given it. Throws when it is gone: only a job that is over has none. */
export async function inputOf(ports: Ports, job: JobItem): Promise<unknown> {
  const text = job.body ?? (job.file === undefined ? undefined : await ports.files.get(job.file));
  if (text === undefined) throw new Error(`The input of job ${job.id} is gone.`);
  return JSON.parse(text);
}
