// How much an account may ask of segments at once (behaviour 4.2): every build looks at people all over the account.
import { refuse } from '../../kernel/errors.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { day } from '../../kernel/time.ts';
import type { Ports } from '../../ports.ts';
import { everything } from '../../storage/pages.ts';
import { buildKey, definitionsOf } from '../../storage/patterns.ts';
import { countOrRefuse } from '../account/index.ts';
import { segmentOf } from './segment.ts';
import { isProcessing } from './store.ts';

const mostProcessing = 5;
/** Also of those that are gone again. */
const made = { most: 100, span: day };

/** A 429 when as many segments are being built as may be; `id` is the segment that is to be built. */
export async function refuseTooManyBuilds(ports: Ports, account: AccountId, id?: string): Promise<void> {
  const segments = (await everything(ports.store, definitionsOf(account, 'segment'))).map(segmentOf);
  const others = segments.filter((one) => one.id !== id && one.is_active);
  const builds = await ports.store.getMany(others.map((one) => buildKey(account, one.id)));
  if (others.filter((one, i) => isProcessing(one, builds[i])).length >= mostProcessing) {
    const detail = `At most ${mostProcessing} segments may be processing at a time. Wait until one is built (is_processing is false).`;
    throw refuse('throttled', detail);
  }
}

/** Counts a segment that is about to be made; a 429 when as many were made this day (UTC) as may be. */
export function countNew(ports: Ports, account: AccountId): Promise<void> {
  const detail = (wait: number) =>
    `At most ${made.most} segments may be made a day. The next day begins in ${wait} seconds.`;
  return countOrRefuse(ports, account, 'segments', made, detail);
}
