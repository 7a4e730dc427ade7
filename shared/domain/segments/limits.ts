// How much an account may ask of segments at once (behaviour 4.2): every build looks at people all over the account.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { day, sortable } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { everything } from '../../storage/pages.ts';
import { buildKey, definitionsOf } from '../../storage/patterns.ts';
import { segmentOf } from './segment.ts';
import { isProcessing } from './store.ts';

const mostProcessing = 5;
const mostADay = 100;

/**
 * A 429 when as many segments are being built, or were made within a day (`isNew`), as may be; `id` is the segment that is
 * to be built. Calls at the same instant can come to a few more.
 */
export async function refuseTooMany(
  ports: Ports,
  account: AccountId,
  { id, isNew }: { id?: string; isNew: boolean },
): Promise<void> {
  const segments = (await everything(ports.store, definitionsOf(account, 'segment'))).map(segmentOf);
  const since = sortable(ports.clock.now() - day);
  if (isNew && segments.filter(({ created }) => created > since).length >= mostADay) {
    throw refuse('throttled', `At most ${mostADay} segments may be made within 24 hours.`);
  }
  const others = segments.filter((one) => one.id !== id && one.is_active);
  const builds = await ports.store.getMany(others.map((one) => buildKey(account, one.id)));
  if (others.filter((one, i) => isProcessing(one, builds[i])).length >= mostProcessing) {
    const detail = `At most ${mostProcessing} segments may be processing at a time. Wait until one is built (is_processing is false).`;
    throw refuse('throttled', detail);
  }
}
