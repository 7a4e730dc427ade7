import { keyOf, keyText } from '../../storage/actions.ts';
import type { Check, Write } from '../../storage/store.ts';
import { malformed } from '../../storage/values.ts';
import type { Attempt } from './store-attempt.ts';

const mostActions = 100;
const largestTransaction = 4 * 1024 * 1024;

/** Throws unless these are 1 to 100 actions on distinct keys, and every check checks something. */
export function checkActions(actions: readonly (Write | Check)[]): void {
  if (actions.length < 1 || actions.length > mostActions) throw malformed('A transaction has 1 to 100 actions.');
  const keys = new Set(actions.map((action) => keyText(keyOf(action))));
  if (keys.size < actions.length) throw malformed('A transaction cannot include two actions on one item.');
  if (actions.some((action) => 'check' in action && isEmpty(action))) throw malformed('A check must check something.');
}

/** Throws when the items of a transaction take more than 4 MB together. */
export function checkBytes(attempts: readonly Attempt[]): void {
  const bytes = attempts.reduce((sum, { before, after }) => sum + ((after ?? before)?.size ?? 0), 0);
  if (bytes > largestTransaction) throw malformed('The items of a transaction cannot exceed 4 MB.');
}

function isEmpty({ if: { absent, present, equals } }: Check): boolean {
  return !absent && !present && Object.keys(equals ?? {}).length === 0;
}
