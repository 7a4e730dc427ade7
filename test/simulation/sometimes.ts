// Rare states that a run of the size of CI must have been in: a simulation that never gets there proves nothing of them.
import type { Call, Fate } from '../../shared/adapters/memory/index.ts';

/** The states by name; a run of CI's size fails when it was never in one of them. */
export const rarities = [
  'a conflict was lost',
  'the answer of a write was lost',
  'the answer of a transaction was lost',
  'the answer of a batch of writes was lost',
  'messages were sent and the answer was lost',
  'an email was taken and its answer was lost',
  'an invocation died with its write done',
  'an invocation died while a caller waited',
  'an event came again after its invocation had died',
  'a zombie went on after its visibility had ended',
  'a zombie went on after another had worked off its event',
  'three or more could go on',
  'an event that was known came again',
  'an event came too late for its flow',
  'a create found its identifiers taken',
  'a call showed two people to be one',
  'people were merged while work was under way',
  'somebody was merged who waited in a flow',
  'somebody was forgotten while work was under way',
  'somebody was forgotten who waited in a flow',
  'an event came for somebody who was forgotten',
  'somebody confirmed',
  'a confirmation came too late',
  'an account tried what is another’s',
  'a collection changed while it was walked',
  'somebody withdrew while messages were under way',
  'a message was skipped',
  'a message ended without an answer of the provider',
  'a campaign reached everyone but some',
  'a campaign was cancelled with rows that waited',
  'dead letters were put back',
  'a flow was switched while somebody waited in it',
  'a world came to rest with a port still failing',
  'a container of the release before worked',
  'a clock stepped',
  'a clock was minutes off',
] as const;

export type Rarity = (typeof rarities)[number];

const answers: Readonly<Record<string, Rarity>> = {
  'store.write': 'the answer of a write was lost',
  'store.transact': 'the answer of a transaction was lost',
  'store.writeMany': 'the answer of a batch of writes was lost',
  'queue.send': 'messages were sent and the answer was lost',
  'mail.send': 'an email was taken and its answer was lost',
};

/** The rare state that a call brings about by its fate. */
export function rarityOf({ port, method }: Call, fate: Fate, isHttp: boolean): Rarity | undefined {
  if (fate === 'contended' && /write$|transact/.test(method)) return 'a conflict was lost';
  if (fate === 'lost') return answers[`${port}.${method}`];
  if (isHttp && fate.startsWith('crash')) return 'an invocation died while a caller waited';
  if (fate === 'crash-after' && /write|transact/.test(method)) return 'an invocation died with its write done';
  return undefined;
}

/** What a run never met. */
export const missed = (counts: Readonly<Record<string, number>>): Rarity[] =>
  rarities.filter((rarity) => (counts[rarity] ?? 0) === 0);
