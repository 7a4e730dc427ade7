// Where the memory store and dynoxide 1.2.1 are known to differ: docs/store.md says of each why, and who is right.
import type { Check, Write } from '../../shared/storage/store.ts';
import type { Difference, Outcome } from './store-differences.ts';
import type { Call } from './store-history.ts';

const words = (outcome: Outcome) => ('malformed' in outcome ? outcome.malformed : '');
const says = (outcome: Outcome, part: string) => words(outcome).includes(part);
const happened = (outcome: Outcome) => !('malformed' in outcome);
const conflicted = (outcome: Outcome) => 'failed' in outcome || 'refused' in outcome;

function writesOf(call: Call): readonly (Write | Check)[] {
  if ('write' in call) return [call.write];
  if ('writeMany' in call) return call.writeMany;
  return 'transact' in call ? call.transact : [];
}

/** Within reach of the largest item: by what it brings, or by what stands there already. */
const isLarge = (write: Write | Check) =>
  'update' in write || ('put' in write && JSON.stringify(write.put).length > 409_000);

/** By their names in docs/store.md. In each of them the memory store does what AWS documents. */
export const knownDifferences: readonly Difference[] = [
  {
    name: 'index-key-length',
    isIt: (call, memory, database) =>
      /The key attribute (lsk|gpk|gsk) has more than/.test(words(memory)) &&
      happened(database) &&
      writesOf(call).length > 0,
  },
  {
    name: 'zero-character-in-range',
    isIt: (call) =>
      'query' in call && [call.query.begins, call.query.from, call.query.to].some((end) => end?.includes('\0')),
  },
  {
    name: 'local-index-size',
    isIt: (call, memory, database) =>
      says(memory, 'Item size has exceeded') && happened(database) && writesOf(call).some(isLarge),
  },
  {
    name: 'update-size',
    isIt: (call, memory, database) =>
      says(database, 'Item size to update has exceeded') && happened(memory) && writesOf(call).some(isLarge),
  },
  {
    name: 'key-change',
    isIt: (call, memory, database) =>
      says(memory, 'An update cannot change the key') &&
      (conflicted(database) || ('transact' in call && happened(database))),
  },
  {
    name: 'overlap-in-transaction',
    isIt: (call, memory, database) =>
      'transact' in call && says(memory, 'overlap with each other') && happened(database),
  },
];
