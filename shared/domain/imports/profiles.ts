// Whose profiles a job made or changed: noted in batches beside the job, each profile once.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { JobItem, JobProfilesItem } from '../../storage/items.ts';
import { everything, pagesOf } from '../../storage/pages.ts';
import { jobProfiles, jobProfilesKey } from '../../storage/patterns.ts';

/** The profiles of the rows before `row`. */
export async function profilesBefore(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  row: number,
): Promise<Set<string>> {
  if (row === 0) return new Set();
  const items = await everything(ports.store, jobProfiles(account, job, 0, row - 1));
  return new Set(items.flatMap(({ profiles }) => profiles));
}

/** Notes the profiles of a batch that begins with `row`, in the place of what an earlier try noted, and adds them to `known`. */
export async function recordProfiles(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  { row, profiles, known }: { row: number; profiles: readonly string[]; known: Set<string> },
): Promise<void> {
  const fresh = [...new Set(profiles)].filter((id) => !known.has(id));
  for (const id of fresh) known.add(id);
  const item: JobProfilesItem = {
    ...jobProfilesKey(account, job, row),
    kind: 'job-profiles',
    row,
    profiles: fresh,
    expires: job.expires,
  };
  await ports.store.write({ put: item });
}

/** One page of the ids of a job's profiles, in the order of the rows that named them first. */
export async function profilesOfJob(
  ports: Ports,
  account: AccountId,
  job: JobItem,
  { size, position }: { size: number; position?: string },
): Promise<{ profiles: string[]; next?: string }> {
  const [row = 0, passed = 0] = (position ?? '').split(':', 2).map(Number);
  const ids: string[] = [];
  for await (const { items } of pagesOf(ports.store, { ...jobProfiles(account, job, row), limit: 2 })) {
    for (const item of items) {
      for (const [place, id] of item.profiles.entries()) {
        if (item.row === row && place < passed) continue;
        if (ids.length === size) return { profiles: ids, next: `${item.row}:${place}` };
        ids.push(id);
      }
    }
  }
  return { profiles: ids };
}
