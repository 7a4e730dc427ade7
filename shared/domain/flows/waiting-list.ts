// Who waits for a variant, oldest first.
import type { AccountId } from '../../kernel/ids.ts';
import type { Ports } from '../../ports.ts';
import type { EnrolmentItem } from '../../storage/items.ts';
import { mergedPage } from '../../storage/merge.ts';
import { enrolmentAt, everyShard, waitingFor } from '../../storage/patterns.ts';

type Stores = Pick<Ports, 'store'>;

const listOf = (account: AccountId, variant: string) => everyShard.map((shard) => waitingFor(account, variant, shard));

/** Somebody who waits for the variant, as far as the index knows. */
export async function firstWaiting({ store }: Stores, account: AccountId, variant: string): Promise<boolean> {
  return (await mergedPage(store, listOf(account, variant), { size: 1 })).items.length > 0;
}

/** Pages of those who wait for the variant: found by the index, read consistently; a page may be empty. */
export async function* waitingPages(
  { store }: Stores,
  account: AccountId,
  variant: string,
  size: number,
): AsyncGenerator<EnrolmentItem[]> {
  let position: string | undefined;
  do {
    const page = await mergedPage(store, listOf(account, variant), {
      size,
      ...(position !== undefined && { position }),
    });
    const found = await store.getMany(page.items.map(enrolmentAt));
    yield found.filter(
      (one) => one !== undefined && one.status === 'active' && one.waits === variant,
    ) as EnrolmentItem[];
    position = page.next;
  } while (position !== undefined);
}
