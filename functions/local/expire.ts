import type { MemoryWorld } from '../../shared/adapters/memory/index.ts';
import { hour } from '../../shared/kernel/time.ts';
import type { Source } from './source.ts';

/** Lets the table's time to live remove items, once an hour: DynamoDB too takes its time. */
export function expirySource({ store, clock }: Pick<MemoryWorld, 'store' | 'clock'>): Source {
  let at = (Math.floor(clock.now() / hour) + 1) * hour;
  return {
    next() {
      if (at > clock.now()) return undefined;
      at = (Math.floor(clock.now() / hour) + 1) * hour;
      return async () => void store.expire(clock.now());
    },
    dueAt: () => at,
  };
}
