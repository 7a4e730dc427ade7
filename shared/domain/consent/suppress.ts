// Work on suppress and unsuppress jobs: given addresses in one stretch, the members of a list or segment page by page.
import type { AccountId } from '../../kernel/ids.ts';
import { instantOf } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem } from '../../storage/items.ts';
import { joinedUntil, membersOfGroup, profileKey, profileOf, shards } from '../../storage/patterns.ts';
import { type JobTurn, type JobWorker, type Stretch, inputOf, workOnJob } from '../jobs/index.ts';
import { emailsOf } from '../identity/index.ts';
import { suppressEmail, unsuppressEmail } from './email.ts';
import { countMembers } from './membership.ts';
import { standingOfEmail } from './opt-in.ts';

type SuppressionJobType = 'suppress' | 'unsuppress';

/** Normalised addresses; without them, the members of the job's list or segment when it was accepted. */
export interface SuppressionJob {
  emails?: string[];
}

export const suppressionWorkers: Readonly<Record<SuppressionJobType, JobWorker>> = {
  suppress: (ports, account, turn) => run(ports, account, { ...turn, type: 'suppress' }),
  unsuppress: (ports, account, turn) => run(ports, account, { ...turn, type: 'unsuppress' }),
};

async function run(ports: Ports, account: AccountId, turn: JobTurn & { type: SuppressionJobType }): Promise<void> {
  await workOnJob(ports, account, turn, async (job) => {
    const group = job.list ?? job.segment;
    if (group !== undefined) return membersStretch(ports, account, { job, group, cursor: turn.cursor });
    const { emails = [] } = (await inputOf(ports, job)) as SuppressionJob;
    return counted(
      ports,
      account,
      job,
      emails.map((email) => [email]),
    );
  });
}

/** Members of one stretch. */
const stretchOf = 100;

async function membersStretch(
  ports: Ports,
  account: AccountId,
  { job, group, cursor }: { job: JobItem; group: string; cursor: string | undefined },
): Promise<Stretch> {
  const [shard, after] = cursor === undefined ? [0] : (JSON.parse(cursor) as [number, string?]);
  const { created } = job;
  const page = await ports.store.query({
    ...membersOfGroup(account, group, shard),
    to: joinedUntil(created),
    limit: stretchOf,
    ...(after !== undefined && { after }),
  });
  const people = await ports.store.getMany(page.items.map((mark) => profileKey(account, profileOf(mark))));
  const done = await counted(
    ports,
    account,
    job,
    people.map((person) => (person ? emailsOf(person) : [])),
  );
  const next = page.next !== undefined ? [shard, page.next] : shard + 1 < shards ? [shard + 1] : undefined;
  if (next === undefined) return { ...done, total: job.completed + job.skipped + people.length };
  const total = cursor === undefined ? await countMembers(ports, account, group, created) : undefined;
  return { ...done, cursor: JSON.stringify(next), ...(total !== undefined && { total }) };
}

/**
 * Acts on every address of each of the people, who are done when one of them was acted on, and skipped when there was
 * nothing to do with any.
 */
async function counted(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  people: readonly (readonly string[])[],
): Promise<Stretch> {
  let completed = 0;
  for (const addresses of people) {
    let acted = false;
    for (const address of addresses) {
      if (await acts[job.type as SuppressionJobType](ports, account, job, address)) acted = true;
    }
    if (acted) completed += 1;
  }
  return { completed, failed: 0, skipped: people.length - completed };
}

type Act = (ports: Ports, account: AccountId, job: JobItem, address: string) => Promise<boolean>;

const how = { method: 'API' } as const;

const acts: Readonly<Record<SuppressionJobType, Act>> = {
  async suppress(ports, account, { created }, address) {
    const at = instantOf(created);
    if (await suppressEmail(ports, account, { address, reason: 'USER_SUPPRESSED', at, how })) return true;
    // Also true for what an earlier try of this stretch has done.
    const { suppressions } = await standingOfEmail(ports, account, address);
    return suppressions.some((one) => one.reason === 'USER_SUPPRESSED' && one.at === created);
  },
  unsuppress: (ports, account, { created }, address) =>
    unsuppressEmail(ports, account, { address, at: instantOf(created), how }),
};
