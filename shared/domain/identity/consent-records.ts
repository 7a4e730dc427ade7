// The audit trail of consent: what changed between two standings, as records that nobody changes again.
import { type Instant, sortable } from '../../kernel/time.ts';
import type { ConsentKind, ConsentRecordItem } from '../../storage/items.ts';
import { consentRecordKey } from '../../storage/patterns.ts';
import type { Key } from '../../storage/store.ts';
import type { ConsentMethod, Standing } from './standing.ts';

/** Why a standing changes. */
export interface Cause {
  /** When it was given, withdrawn or reported, milliseconds. */
  at: Instant;
  how: ConsentMethod;
  /** Consent that was given elsewhere, long ago: its events start no flow. */
  historical?: boolean;
}

type Change = Pick<ConsentRecordItem, 'what' | 'to'> & Partial<Pick<ConsentRecordItem, 'from' | 'reason' | 'list'>>;

/** The records of a change of a contact, or of the push consent of a profile; `item` is the one after it. Pure. */
export function recordsOf(
  item: Key & { version: number },
  { before, after }: { before: Standing; after: Standing },
  { at, how }: Cause,
  now: Instant,
): ConsentRecordItem[] {
  const recorded = sortable(now);
  return changesBetween(before, after).map((change) => ({
    ...consentRecordKey(item, recorded, item.version, named(change)),
    kind: 'consent-record',
    ...change,
    at: sortable(at),
    recorded,
    method: how.method,
    method_detail: how.detail ?? null,
    custom_method_detail: how.customDetail ?? null,
  }));
}

const named = ({ what, reason, list }: Change) => [what, reason, list].filter((one) => one !== undefined).join(' ');

function changesBetween(before: Standing, after: Standing): Change[] {
  return [
    ...consentChanges(before, after),
    ...marks(before.suppressions, after.suppressions, 'suppression'),
    ...marks(before.listSuppressions, after.listSuppressions, 'list-suppression'),
  ];
}

function consentChanges(before: Standing, after: Standing): Change[] {
  return Object.entries(after.consents).flatMap(([name, consent]): Change[] => {
    const what = name as ConsentKind;
    const known = before.consents[what];
    if (known?.state === consent.state && known.at === consent.at) return [];
    return [{ what, to: consent.state, ...(known && { from: known.state }) }];
  });
}

type Mark = Pick<ConsentRecordItem, 'reason' | 'list'>;

/** What was put and what was lifted. */
function marks(before: readonly Mark[], after: readonly Mark[], what: 'suppression' | 'list-suppression'): Change[] {
  const missing = (from: readonly Mark[], { reason, list }: Mark) =>
    !from.some((one) => one.reason === reason && one.list === list);
  const told = (to: Change['to'], { reason, list }: Mark): Change => ({
    what,
    to,
    ...(reason && { reason }),
    ...(list && { list }),
  });
  return [
    ...after.filter((mark) => missing(before, mark)).map((mark) => told('SUPPRESSED', mark)),
    ...before.filter((mark) => missing(after, mark)).map((mark) => told('LIFTED', mark)),
  ];
}
