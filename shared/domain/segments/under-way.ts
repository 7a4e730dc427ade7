// Which segments' builds are under way, without asking again of those that have ended.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import { buildKey } from '../../storage/patterns.ts';
import { perStore } from '../../storage/per-store.ts';
import type { Segment } from './segment.ts';
import { isProcessing } from './store.ts';

/** The editions whose builds have ended, by account and segment: that stays so. */
const ended = perStore<number>();
const nameOf = (account: AccountId, id: string) => `${account} ${id}`;

/** Keeps in mind that the build of this edition has ended. */
export function noteEnded(
  { store }: Ports,
  account: AccountId,
  { id, edition }: Pick<Segment, 'id' | 'edition'>,
): void {
  ended(store).set(nameOf(account, id), edition);
}

/** Those whose newest edition is being built, or is yet to be. */
export async function underWay(ports: Ports, account: AccountId, segments: readonly Segment[]): Promise<Segment[]> {
  const known = ended(ports.store);
  const open = segments.filter(({ id, edition }) => known.get(nameOf(account, id)) !== edition);
  if (open.length === 0) return [];
  const builds = await ports.store.getMany(open.map(({ id }) => buildKey(account, id)));
  const building = open.filter((one, i) => isProcessing(one, builds[i]));
  for (const one of open) if (!building.includes(one)) noteEnded(ports, account, one);
  return building;
}
