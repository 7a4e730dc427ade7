import type { AccountId } from '../../kernel/ids.ts';
import { instantOf, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import type { MergedItem } from '../../storage/items.ts';
import { mergedKey } from '../../storage/patterns.ts';
import { writeIfStill } from '../../storage/conflict.ts';
import { absorb, removeAllOf } from '../identity/index.ts';
import { internalService } from './metrics.ts';
import { newEvent } from './new-event.ts';

/**
 * Finishes the merge of the profile `source`, whose part of the table moves to the survivor: records "Merged Profile" on
 * the survivor, once, and removes the files that nothing names any more. Of a survivor who was forgotten meanwhile nothing
 * is left (seeds 161, 192). Safe to repeat.
 */
export async function finishMerge(ports: Ports, account: AccountId, source: string): Promise<void> {
  const home = await absorb(ports, account, source);
  const key = mergedKey(account, source);
  const merged = await ports.store.get(key);
  if (!merged) return;
  // The survivor was forgotten: nothing is to be moved any more, and nothing may stay.
  if (home === undefined) await removeAllOf(ports, account, source);
  else if (merged.finished === undefined) await recordMerge(ports, account, home, { source, merged });
  for (const file of merged.files ?? []) await ports.files.remove(file);
  if (merged.finished !== undefined && merged.files === undefined) return;
  await ports.store.write({
    update: key,
    set: { finished: merged.finished ?? sortable(ports.clock.now()) },
    remove: ['files'],
    if: { equals: { files: merged.files } },
  });
}

/** Its unique id is the source: whoever the survivor becomes part of has it once too. */
async function recordMerge(
  ports: Ports,
  account: AccountId,
  home: string,
  { source, merged }: { source: string; merged: MergedItem },
): Promise<void> {
  const item = await newEvent(ports, account, home, {
    metric: { name: 'Merged Profile', service: internalService },
    properties: { source_profile_id: source },
    time: instantOf(merged.at),
    unique_id: source,
  });
  await writeIfStill(ports.store, { put: item, if: { absent: true } });
}
